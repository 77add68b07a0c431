/* Children: their standard handles, what they inherit, and the interpreter of command lines.
   Not compared: what a child with CREATE_NO_WINDOW writes to a console that nobody sees. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { LARGE = 1 << 20, PIECE = 4096 };

static wchar_t path[MAX_PATH];

static void write_all(HANDLE to, const void *data, DWORD length)
{
    DWORD done;
    for (const char *at = data; length > 0; at += done, length -= done)
        if (!WriteFile(to, at, length < PIECE ? length : PIECE, &done, NULL))
            break;
}

static int echo(void)
{
    HANDLE from = GetStdHandle(STD_INPUT_HANDLE), to = GetStdHandle(STD_OUTPUT_HANDLE);
    char piece[PIECE];
    DWORD length, total = 0;
    while (ReadFile(from, piece, PIECE, &length, NULL) && length > 0) {
        for (DWORD each = 0; each < length; each++)
            piece[each] ^= 0x20;
        write_all(to, piece, length);
        total += length;
    }
    char text[32];
    write_all(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)sprintf(text, "%lu bytes\n", total));
    return (int)GetLastError();
}

static int child(int count, char **values)
{
    const char *what = values[2];
    if (strcmp(what, "echo") == 0)
        return echo();
    if (strcmp(what, "signal") == 0) {
        int done = 0;
        for (int each = 3; each < count; each++)
            done |= SetEvent((HANDLE)(UINT_PTR)strtoull(values[each], NULL, 16)) << (each - 3);
        return done;
    }
    if (strcmp(what, "say") == 0) {
        DWORD done;
        BOOL said = WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), values[3],
                              (DWORD)strlen(values[3]), &done, NULL);
        return said ? 0 : (int)GetLastError();
    }
    if (strcmp(what, "lines") == 0) {
        char line[64];
        while (fgets(line, sizeof line, stdin))
            printf("<%.*s>\n", (int)strcspn(line, "\n"), line);
        fprintf(stderr, "end\n");
        return 7;
    }
    return 99;
}

static BOOL start(const char *words, BOOL inherits, DWORD flags, STARTUPINFOW *startup,
                  PROCESS_INFORMATION *made)
{
    wchar_t line[256];
    swprintf(line, 256, L"children child %hs", words);
    fflush(stdout);
    SetLastError(0);
    return CreateProcessW(path, line, NULL, NULL, inherits, flags, NULL, NULL, startup, made);
}

static DWORD ended(PROCESS_INFORMATION *made)
{
    DWORD code = 0x12345678;
    WaitForSingleObject(made->hProcess, INFINITE);
    GetExitCodeProcess(made->hProcess, &code);
    CloseHandle(made->hThread);
    CloseHandle(made->hProcess);
    return code;
}

static void make_pipe(HANDLE *ends, int inherited)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, TRUE};
    CreatePipe(&ends[0], &ends[1], &security, 0);
    SetHandleInformation(ends[!inherited], HANDLE_FLAG_INHERIT, 0);
}

static DWORD WINAPI writes(void *to)
{
    static char data[LARGE];
    for (DWORD each = 0; each < LARGE; each++)
        data[each] = (char)(each * 7 + each / 1000);
    write_all(to, data, LARGE);
    CloseHandle(to);
    return 0;
}

static void three_pipes(void)
{
    HANDLE in[2], out[2], errors[2];
    PROCESS_INFORMATION made;
    make_pipe(in, 0);
    make_pipe(out, 1);
    make_pipe(errors, 1);
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES,
                            .hStdInput = in[0], .hStdOutput = out[1], .hStdError = errors[1]};
    printf("started: %d\n", start("echo", TRUE, 0, &startup, &made));
    CloseHandle(in[0]);
    CloseHandle(out[1]);
    CloseHandle(errors[1]);
    HANDLE writer = CreateThread(NULL, 0, writes, in[1], 0, NULL);
    char piece[PIECE];
    DWORD length, total = 0, wrong = 0;
    while (ReadFile(out[0], piece, PIECE, &length, NULL))
        for (DWORD each = 0; each < length; each++, total++)
            wrong += piece[each] != (char)((char)(total * 7 + total / 1000) ^ 0x20);
    printf("came back: %lu, wrong %lu, error %lu\n", total, wrong, GetLastError());
    ReadFile(errors[0], piece, PIECE, &length, NULL);
    printf("errors: %.*s", (int)length, piece);
    printf("more: %d, error %lu\n", ReadFile(errors[0], piece, 1, &length, NULL), GetLastError());
    WaitForSingleObject(writer, INFINITE);
    printf("exit code: %lu\n", ended(&made));
    CloseHandle(writer);
    CloseHandle(out[0]);
    CloseHandle(errors[0]);
}

static void no_reader(void)
{
    HANDLE out[2];
    PROCESS_INFORMATION made;
    make_pipe(out, 1);
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES,
                            .hStdOutput = out[1]};
    start("say x", TRUE, CREATE_SUSPENDED, &startup, &made);
    CloseHandle(out[0]);
    CloseHandle(out[1]);
    ResumeThread(made.hThread);
    printf("nobody reads: %lu\n", ended(&made));
}

static void standard(const char *what, BOOL inherits, DWORD flags)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    printf("%s: ", what);
    start("say there,", inherits, flags, &startup, &made);
    DWORD code = ended(&made);
    printf(" %lu\n", code);
}

static void inheriting(const char *what, BOOL inherits, HANDLE *list, DWORD count, HANDLE *events)
{
    STARTUPINFOEXW startup = {.StartupInfo.cb = sizeof startup};
    PROCESS_INFORMATION made;
    char words[80];
    SIZE_T size = 0;
    DWORD flags = list ? EXTENDED_STARTUPINFO_PRESENT : 0;
    sprintf(words, "signal %llx %llx %llx", (unsigned long long)(UINT_PTR)events[0],
            (unsigned long long)(UINT_PTR)events[1], (unsigned long long)(UINT_PTR)events[2]);
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    startup.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    if (list)
        UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                  list, count * sizeof *list, NULL, NULL);
    else
        startup.StartupInfo.cb = sizeof startup.StartupInfo;
    if (start(words, inherits, flags, &startup.StartupInfo, &made))
        printf("%s: %lu\n", what, ended(&made));
    else
        printf("%s: error %lu\n", what, GetLastError());
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    free(startup.lpAttributeList);
}

static void inheritance(void)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, TRUE};
    HANDLE events[3];
    DWORD flags = 9;
    for (int each = 0; each < 3; each++)
        events[each] = CreateEventW(each == 2 ? NULL : &security, TRUE, FALSE, NULL);
    GetHandleInformation(events[0], &flags);
    printf("flags: %lu", flags);
    GetHandleInformation(events[2], &flags);
    printf(" and %lu\n", flags);
    inheriting("all", TRUE, NULL, 0, events);
    inheriting("none", FALSE, NULL, 0, events);
    inheriting("one of a list", TRUE, &events[1], 1, events);
    inheriting("two of a list", TRUE, events, 2, events);
    SetHandleInformation(events[0], HANDLE_FLAG_INHERIT, 0);
    inheriting("no longer", TRUE, NULL, 0, events);
    SetHandleInformation(events[1], HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    inheriting("protected", TRUE, NULL, 0, events);
    SetHandleInformation(events[1], HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    for (int each = 0; each < 3; each++) {
        printf("signalled: %lx\n", WaitForSingleObject(events[each], 0));
        CloseHandle(events[each]);
    }
}

static void file(const char *name, const char *text)
{
    FILE *made = fopen(name, "wb");
    fputs(text, made);
    fclose(made);
}

static void by_system(const char *line)
{
    fflush(stdout);
    int code = system(line);
    printf("[%s]: %d\n", line, code);
}

static void by_popen(const char *line)
{
    char text[128];
    FILE *pipe = _popen(line, "r");
    while (pipe && fgets(text, sizeof text, pipe))
        printf("  %.*s\n", (int)strcspn(text, "\r\n"), text);
    printf("[%s]: %d\n", line, pipe ? _pclose(pipe) : -1);
}

static void interpreter(void)
{
    char line[MAX_PATH * 3];
    file("lines.txt", "one\ntwo\n");
    file("batch.cmd", "@echo off\r\nset /a sum=%1+%2\r\nif %sum%==5 goto five\r\nexit /b 1\r\n"
                      ":five\r\necho five of %1 and %2\r\nexit /b 5\r\n");
    printf("is there: %d\n", system(NULL) != 0);
    by_system("echo in a shell");
    by_system("exit 3");
    by_system("batch.cmd 2 3");
    by_system("batch.cmd 2 2");
    by_system("no-such-command-at-all 2>nul");
    by_system("cd.. & exit 4");
    by_system("echo to a file>out.txt&& type out.txt");
    by_system("echo more>>out.txt & type out.txt");
    sprintf(line, "\"\"%ls\" child lines <lines.txt 2>errors.txt | \"%ls\" child lines 2>nul\"", path,
            path);
    fflush(stdout);
    printf("exit code %d\n", system(line));
    by_system("type errors.txt");
    by_popen("echo by popen");
    by_popen("batch.cmd 2 3");
    by_popen("type lines.txt");
    by_popen("exit 9");
    sprintf(line, "\"\"%ls\" child lines 2>&1\"", path);
    FILE *pipe = _popen(line, "w");
    fflush(stdout);
    fprintf(pipe, "written\nto it\n");
    printf("exit code %d\n", _pclose(pipe));
    DeleteFileA("lines.txt");
    DeleteFileA("errors.txt");
    DeleteFileA("out.txt");
    DeleteFileA("batch.cmd");
}

int main(int count, char **values)
{
    if (count > 2 && strcmp(values[1], "child") == 0)
        return child(count, values);
    GetModuleFileNameW(NULL, path, MAX_PATH);
    three_pipes();
    no_reader();
    standard("inheriting", TRUE, 0);
    standard("not inheriting", FALSE, 0);
    standard("inheriting, detached", TRUE, DETACHED_PROCESS);
    inheritance();
    interpreter();
    return 0;
}
