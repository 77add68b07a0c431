/* Does one thing with the console, by its first argument: for the tests of terminals. */
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK,
                                     ULONG, PVOID, ULONG, PVOID, ULONG);

static HANDLE input, output;
static volatile LONG presses;

/* What a control code says of buffers of these sizes. */
static unsigned code(HANDLE file, unsigned number, unsigned in, unsigned out)
{
    static unsigned char given[256], taken[256];
    IO_STATUS_BLOCK block;
    return (unsigned)NtDeviceIoControlFile(file, NULL, NULL, NULL, &block, number, given, in,
                                           taken, out);
}

/* Which streams are the console, and what it is like at first. */
static int modes(void)
{
    DWORD mode;
    CONSOLE_SCREEN_BUFFER_INFO screen;
    printf("tty %d %d %d\n", !!_isatty(0), !!_isatty(1), !!_isatty(2));
    printf("types %lu %lu %lu\n", GetFileType(input), GetFileType(output),
           GetFileType(GetStdHandle(STD_ERROR_HANDLE)));
    if (GetConsoleMode(input, &mode))
        printf("input %lx\n", mode);
    if (GetConsoleMode(output, &mode))
        printf("output %lx\n", mode);
    if (GetConsoleScreenBufferInfo(output, &screen))
        printf("size %dx%d at %d window %d,%d-%d,%d colours %x\n", screen.dwSize.X,
               screen.dwSize.Y, screen.dwCursorPosition.X, screen.srWindow.Left,
               screen.srWindow.Top, screen.srWindow.Right, screen.srWindow.Bottom,
               screen.wAttributes);
    printf("pages %u %u\n", GetConsoleCP(), GetConsoleOutputCP());
    printf("events %d window %d\n", !!GetNumberOfConsoleInputEvents(input, &mode),
           GetConsoleWindow() != NULL);
    return 0;
}

/* Modes are kept by their object; what has other sizes or is for others is refused. */
static int refusals(void)
{
    DWORD mode;
    SetConsoleMode(output, ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING | 2);
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_EXTENDED_FLAGS);
    GetConsoleMode(output, &mode);
    printf("output %lx", mode);
    GetConsoleMode(input, &mode);
    printf(" input %lx\n", mode);
    BOOL is_set = SetConsoleMode(output, 0x1000);
    mode = GetLastError();
    printf("mode %d %lu\n", is_set, mode);
    printf("%08x %08x %08x\n", code(input, 0x504000, 0, 3), code(input, 0x504000, 0, 8),
           code(output, 0x504088, 0, 99));
    printf("%08x %08x %08x\n", code(input, 0x504088, 0, 100), code(output, 0x504028, 0, 4),
           code(input, 0x500008, 0, 0));
    printf("%08x %08x\n", code(input, 0x504030, 0, 19), code(output, 0x508078, 3, 0));
    HANDLE server = CreateFileW(L"\\\\?\\GLOBALROOT\\Device\\ConDrv\\Server", GENERIC_READ, 0,
                                NULL, OPEN_EXISTING, 0, NULL);
    printf("server %d\n", server != INVALID_HANDLE_VALUE);
    DWORD read, error;
    BOOL done = ReadFile(output, &mode, 1, &read, NULL);
    error = GetLastError();
    printf("read %d %lu\n", done, error);
    return 0;
}

/* Each line as UTF-16, until one that is "end". */
static int lines(void)
{
    WCHAR line[64];
    DWORD length;
    do {
        printf("line? ");
        fflush(stdout);
        if (!ReadConsoleW(input, line, 64, &length, NULL))
            return 2;
        printf("[");
        for (DWORD at = 0; at < length; at++)
            printf(line[at] < 0x7F && line[at] >= ' ' ? "%c" : "<%x>", line[at]);
        printf("]\n");
    } while (length != 5 || wcsncmp(line, L"end", 3));
    return 0;
}

/* The same by the C library, until the end of the file. */
static int text(void)
{
    char line[64];
    printf("text? ");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        printf("[%s]\ntext? ", line);
        fflush(stdout);
    }
    printf("end\n");
    return 0;
}

/* Each key that is pressed, until q. */
static int keys(void)
{
    INPUT_RECORD record;
    DWORD count;
    SetConsoleMode(input, ENABLE_WINDOW_INPUT);
    printf("nothing %lu\n", WaitForSingleObject(input, 0));
    printf("keys?\n");
    fflush(stdout);
    printf("there %lu\n", WaitForSingleObject(input, INFINITE));
    PeekConsoleInputW(input, &record, 1, &count);
    printf("peeked %lu\n", count);
    for (;;) {
        if (!ReadConsoleInputW(input, &record, 1, &count) || count != 1)
            return 2;
        const KEY_EVENT_RECORD *key = &record.Event.KeyEvent;
        if (record.EventType == WINDOW_BUFFER_SIZE_EVENT)
            printf("size %dx%d\n", record.Event.WindowBufferSizeEvent.dwSize.X,
                   record.Event.WindowBufferSizeEvent.dwSize.Y);
        else if (record.EventType == KEY_EVENT && key->bKeyDown)
            printf("key %x %x %x %lx\n", key->wVirtualKeyCode, key->wVirtualScanCode,
                   key->uChar.UnicodeChar, key->dwControlKeyState);
        fflush(stdout);
        if (record.EventType == KEY_EVENT && key->bKeyDown && key->uChar.UnicodeChar == 'q')
            return 0;
    }
}

/* The same letters in several code pages, then text beyond them. */
static int pages(void)
{
    static const UINT numbers[] = {437, 850, 1252, 65001};
    DWORD written;
    for (int at = 0; at < 4; at++) {
        SetConsoleOutputCP(numbers[at]);
        printf("%u: ", GetConsoleOutputCP());
        fflush(stdout);
        WriteFile(output, "\x82\x9b\xe9", 3, &written, NULL);
        WriteFile(output, "\xc3", 1, &written, NULL);
        WriteFile(output, "\xa9\r\n", 3, &written, NULL);
    }
    WriteConsoleW(output, L"\x65e5\xd83d\xde00\r\n", 5, &written, NULL);
    printf("page? ");
    fflush(stdout);
    char bytes[8];
    SetConsoleCP(1252);
    if (!ReadFile(input, bytes, sizeof bytes, &written, NULL))
        return 2;
    for (DWORD at = 0; at < written; at++)
        printf("%02x ", (unsigned char)bytes[at]);
    printf("\n");
    return SetConsoleOutputCP(12345) ? 3 : 0;
}

/* Colours, the cursor, cells, another screen. */
static int screens(void)
{
    static const COORD start = {2, 0};
    DWORD written;
    WCHAR cells[5] = {0};
    SetConsoleTextAttribute(output, FOREGROUND_RED | FOREGROUND_INTENSITY);
    printf("red");
    fflush(stdout);
    SetConsoleTextAttribute(output, 7);
    SetConsoleCursorPosition(output, start);
    FillConsoleOutputCharacterW(output, L'x', 2, start, &written);
    ReadConsoleOutputCharacterW(output, cells, 4, (COORD){0, 0}, &written);
    HANDLE other = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                             CONSOLE_TEXTMODE_BUFFER, NULL);
    WriteConsoleW(other, L"other", 5, &written, NULL);
    BOOL activated = SetConsoleActiveScreenBuffer(other);
    SetConsoleActiveScreenBuffer(output);
    CloseHandle(other);
    SetConsoleTitleW(L"a title");
    WCHAR title[16] = {0};
    GetConsoleTitleW(title, 16);
    printf("\ncells %ls activated %d title %ls\n", cells, activated, title);
    return 0;
}

/* The console where no standard stream is one. */
static int named(void)
{
    HANDLE in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0,
                            NULL);
    HANDLE out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING,
                             0, NULL);
    if (in == INVALID_HANDLE_VALUE || out == INVALID_HANDLE_VALUE)
        return 9;
    WCHAR line[16];
    DWORD length;
    WriteConsoleW(out, L"name? ", 6, &length, NULL);
    if (!ReadConsoleW(in, line, 16, &length, NULL))
        return 2;
    printf("got %lu\n", length);
    return 0;
}

static BOOL WINAPI handle(DWORD event)
{
    printf("event %lu\n", event);
    fflush(stdout);
    InterlockedIncrement(&presses);
    return TRUE;
}

/* Computes until Ctrl-C has come so often, and never reads. */
static int compute(long most)
{
    SetConsoleCtrlHandler(handle, TRUE);
    printf("computes\n");
    fflush(stdout);
    while (presses < most)
        ;
    return (int)presses;
}

static int forever(const char *how)
{
    if (!strcmp(how, "deaf"))
        SetConsoleCtrlHandler(NULL, TRUE);
    printf("forever\n");
    fflush(stdout);
    while (presses >= 0)
        ;
    return 0;
}

/* A read that Ctrl-C ends. */
static int aborted(void)
{
    WCHAR line[16];
    DWORD length = 7;
    SetConsoleCtrlHandler(handle, TRUE);
    printf("read? ");
    fflush(stdout);
    SetLastError(0);
    BOOL done = ReadConsoleW(input, line, 16, &length, NULL);
    DWORD error = GetLastError();
    printf("done %d length %lu error %lu\n", done, length, error);
    return 0;
}

/* This program again; its exit code. */
static DWORD child(const char *what, DWORD flags, BOOL break_it)
{
    char line[64];
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    DWORD status = 0;
    snprintf(line, sizeof line, "console.exe %s", what);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &start, &process))
        return GetLastError();
    if (break_it) {
        while (WaitForSingleObject(process.hProcess, 200) == WAIT_TIMEOUT)
            GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, process.dwProcessId);
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return status;
}

/* Ctrl-Break is told to who does not hear Ctrl-C, and then still does not. */
static int ignoring(void)
{
    SetConsoleCtrlHandler(NULL, TRUE);
    SetConsoleCtrlHandler(handle, TRUE);
    for (long round = 1; round <= 3; round++) {
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
        GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0);
        while (presses < round)
            Sleep(1);
    }
    printf("ignored %lx\n", child("hears", 0, FALSE));
    /* Asked for until whoever dealt with the last Ctrl-Break has ended. */
    for (int tries = 0; presses == 3 && tries < 100; tries++) {
        SetConsoleCtrlHandler(NULL, FALSE);
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
        Sleep(20);
    }
    return 0;
}

/* Whether Ctrl-C is heard as whoever made this process does. */
static int hears(void)
{
    SetConsoleCtrlHandler(handle, TRUE);
    GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    Sleep(100);
    return (int)presses;
}

/* 1 for a console, 2 for output that is one, 4 for a way to write to it. */
static int what(void)
{
    DWORD mode, list[8];
    HANDLE out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING,
                             0, NULL);
    return (GetConsoleProcessList(list, 8) != 0) | !!GetConsoleMode(output, &mode) << 1 |
           (out != INVALID_HANDLE_VALUE) << 2;
}

/* Processes that have the console, or have none, or another group. */
static int children(void)
{
    DWORD list[8];
    printf("own %d\n", what());
    printf("inherited %lu\n", child("what", 0, FALSE));
    printf("detached %lu\n", child("what", DETACHED_PROCESS, FALSE));
    printf("new %lu\n", child("what", CREATE_NEW_CONSOLE, FALSE));
    printf("broken %lx\n", child("forever x", CREATE_NEW_PROCESS_GROUP, TRUE));
    printf("alone %lu\n", GetConsoleProcessList(list, 8));
    BOOL attached = AttachConsole(ATTACH_PARENT_PROCESS);
    list[0] = GetLastError();
    printf("attach %d %lu\n", attached, list[0]);
    fflush(stdout);
    FreeConsole();
    return what();
}

int main(int count, char **values)
{
    const char *doing = count > 1 ? values[1] : "modes";
    const char *how = count > 2 ? values[2] : "";
    input = GetStdHandle(STD_INPUT_HANDLE);
    output = GetStdHandle(STD_OUTPUT_HANDLE);
    static const struct {
        const char *name;
        int (*run)(void);
    } all[] = {{"modes", modes},   {"refusals", refusals}, {"lines", lines},
               {"text", text},     {"keys", keys},         {"pages", pages},
               {"screens", screens}, {"named", named},     {"aborted", aborted},
               {"what", what},     {"children", children},
               {"ignoring", ignoring}, {"hears", hears}};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++)
        if (!strcmp(doing, all[at].name))
            return all[at].run();
    if (!strcmp(doing, "compute"))
        return compute(atol(how));
    return forever(how);
}
