/* What becomes of command lines: each is given to this program again, which shows what the
   C library and CommandLineToArgvW make of it. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

/* Behind the name that the program goes by. */
static const wchar_t *const LINES[] = {
    L"",
    L" plain words here",
    L"  many \t blanks\tand tabs  ",
    L" \"quoted words\" unquoted",
    L" \"\" empty \"\"",
    L" in\"side a\"word",
    L" back\\slash \\\\two",
    L" escaped\\\"quote",
    L" \"a\\\\\" b",
    L" \"a\\\\\\\" b\" c",
    L" a\\\\\\\\\"b c\" d",
    L" C:\\folder\\ \"C:\\a folder\\\\\" next",
    L" \"never closed",
    L" \"tab\there\"",
    L" 'single quotes'",
    L" ^caret %PATH% !mark!",
    L" \u00e9\u00fc \u65e5\u672c \U0001F600",
    L" no-match-*.xyz ?",
    L" wild-*.tmp \"wild-*.tmp\"",
    L" -o=value /switch --long",
};

static const wchar_t *const LINES_OF_ARGV[] = {
    L"prog \"a\"\"b\" c",
    L"prog \"a\"\"\" b",
    L"\"a program\" x",
    L"\"a\\\\b\"c d",
    L"prog\targument",
    L"a\\\"b c",
    L"prog  ",
};

static void show_bytes(const wchar_t *text)
{
    char bytes[400];
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
    printf("%s", bytes);
}

static void show_all(const char *what, int count, wchar_t **values)
{
    printf("%s", what);
    for (int index = 0; index < count; index++) {
        printf(" [");
        show_bytes(values[index]);
        printf("]");
    }
    printf("\n");
}

static void run(const wchar_t *rest)
{
    wchar_t path[MAX_PATH], line[400];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, 400, L"child%ls", rest);
    printf("line");
    show_bytes(rest);
    printf("\n");
    fflush(stdout);
    if (!CreateProcessW(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &made)) {
        printf("not started: %lu\n", GetLastError());
        return;
    }
    WaitForSingleObject(made.hProcess, INFINITE);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

int wmain(int count, wchar_t **values)
{
    int parts;
    if (wcscmp(values[0], L"child") == 0) {
        wchar_t **split = CommandLineToArgvW(GetCommandLineW(), &parts);
        show_all("  main:", count - 1, values + 1);
        show_all("  argv:", parts - 1, split + 1);
        LocalFree(split);
        return 0;
    }
    fclose(fopen("wild-1.tmp", "w"));
    for (size_t index = 0; index < sizeof LINES / sizeof LINES[0]; index++)
        run(LINES[index]);
    remove("wild-1.tmp");
    for (size_t index = 0; index < sizeof LINES_OF_ARGV / sizeof LINES_OF_ARGV[0]; index++) {
        wchar_t **split = CommandLineToArgvW(LINES_OF_ARGV[index], &parts);
        show_all("only argv:", parts, split);
        LocalFree(split);
    }
    return 0;
}
