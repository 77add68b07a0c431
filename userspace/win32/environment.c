/* The environment: the system's calls, the C library's, and the block itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static void get(const wchar_t *name)
{
    wchar_t value[64] = L"";
    SetLastError(0);
    DWORD length = GetEnvironmentVariableW(name, value, 64);
    printf("%ls: [%ls] (%lu, error %lu)\n", name, value, length, GetLastError());
}

static void set(const wchar_t *name, const wchar_t *value)
{
    SetLastError(0);
    BOOL done = SetEnvironmentVariableW(name, value);
    printf("set %ls: %d, error %lu\n", name, done, GetLastError());
}

static void system_calls(void)
{
    get(L"NONE_SUCH");
    set(L"PLAIN", L"value");
    get(L"PLAIN");
    get(L"plain");
    set(L"Plain", L"other");
    get(L"PLAIN");
    set(L"EMPTY", L"");
    get(L"EMPTY");
    set(L"EMPTY", NULL);
    get(L"EMPTY");
    set(L"A=B", L"x");
    set(L"", L"x");
    set(L"SPACES", L" a = b ");
    get(L"SPACES");
    SetEnvironmentVariableW(L"FOREIGN_\u00e4", L"\u65e5\u672c");
    wchar_t value[8];
    DWORD length = GetEnvironmentVariableW(L"foreign_\u00c4", value, 8);
    printf("foreign: %lu, %04x %04x\n", length, value[0], value[1]);
    length = GetEnvironmentVariableW(L"PLAIN", value, 5);
    printf("no room: %lu\n", length);
    length = GetEnvironmentVariableW(L"PLAIN", value, 6);
    printf("just room: %lu [%ls]\n", length, value);
    static wchar_t large[32000];
    wmemset(large, L'x', 31999);
    set(L"LARGE", large);
    printf("large: %lu\n", GetEnvironmentVariableW(L"LARGE", NULL, 0));
    SetEnvironmentVariableW(L"LARGE", NULL);
}

static void expand(const wchar_t *text)
{
    wchar_t expanded[64] = L"";
    DWORD length = ExpandEnvironmentStringsW(text, expanded, 64);
    printf("%ls -> [%ls] (%lu)\n", text, expanded, length);
}

static void expanding(void)
{
    SetEnvironmentVariableW(L"ONE", L"1");
    SetEnvironmentVariableW(L"TWO", L"%ONE%2");
    expand(L"%ONE% and %one%");
    expand(L"%TWO%");
    expand(L"%NONE_SUCH%");
    expand(L"%");
    expand(L"");
    wchar_t room[4];
    printf("room needed: %lu\n", ExpandEnvironmentStringsW(L"%ONE%%ONE%%ONE%%ONE%", room, 4));
}

static void library(void)
{
    printf("%s\n", getenv("NONE_SUCH") ? "some" : "none");
    printf("put: %d\n", _putenv("PUT=by the library"));
    printf("%s, in other letters: %s\n", getenv("PUT"), getenv("Put"));
    get(L"PUT");
    SetEnvironmentVariableW(L"BEHIND", L"its back");
    printf("behind its back: %s\n", getenv("BEHIND") ? "seen" : "not seen");
    printf("taken back: %d\n", _putenv("PUT="));
    get(L"PUT");
    printf("wide: %d\n", _wputenv(L"WIDE=\u00fc"));
    wchar_t *wide = _wgetenv(L"WIDE");
    printf("wide: %04x\n", wide ? *wide : 0);
    printf("no name: %d\n", _putenv("no equals sign"));
}

static int by_name(const void *first, const void *second)
{
    return wcscmp(*(wchar_t *const *)first, *(wchar_t *const *)second);
}

/* Those of the whole block that were set here, by name. */
static void block(void)
{
    static const wchar_t *names[] = {L"Zz_last", L"zz_First", L"ZZ_MIDDLE", L"zZ", L"Z_Z", L"Z-Z"};
    wchar_t *found[64];
    size_t count = 0, others = 0;
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++)
        SetEnvironmentVariableW(names[index], L"1");
    SetEnvironmentVariableW(L"Zz_Middle", L"2");
    SetEnvironmentVariableW(L"z-z", NULL);
    wchar_t *all = GetEnvironmentStringsW(), *end = all;
    for (wchar_t *one = all; *one; one = end + 1) {
        end = one + wcslen(one);
        if ((*one == L'Z' || *one == L'z') && count < 64)
            found[count++] = one;
        else
            others++;
        if (wcschr(one + 1, L'=') == NULL)
            printf("no value: %ls\n", one);
    }
    qsort(found, count, sizeof found[0], by_name);
    for (size_t index = 0; index < count; index++)
        printf("%ls\n", found[index]);
    printf("others: %d, freed: %d\n", others > 5, FreeEnvironmentStringsW(all));
}

static int child(void)
{
    const char *inherited = getenv("INHERITED"), *given = getenv("GIVEN");
    printf("child: %s, %s\n", inherited ? inherited : "none", given ? given : "none");
    return 0;
}

static void start(wchar_t *block)
{
    wchar_t path[MAX_PATH], line[] = L"environment child";
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    fflush(stdout);
    if (!CreateProcessW(path, line, NULL, NULL, TRUE, block ? CREATE_UNICODE_ENVIRONMENT : 0,
                        block, NULL, &startup, &made)) {
        printf("not started: %lu\n", GetLastError());
        return;
    }
    WaitForSingleObject(made.hProcess, INFINITE);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

int main(int count, char **values)
{
    if (count > 1 && strcmp(values[1], "child") == 0)
        return child();
    system_calls();
    expanding();
    library();
    block();
    SetEnvironmentVariableW(L"INHERITED", L"from above");
    start(NULL);
    wchar_t own[MAX_PATH + 64] = L"GIVEN=in a block", root[MAX_PATH];
    GetEnvironmentVariableW(L"SystemRoot", root, MAX_PATH);
    swprintf(own + 17, MAX_PATH, L"SystemRoot=%ls", root);
    start(own);
    return 0;
}
