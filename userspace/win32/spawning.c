// Makes a process of nothing.exe, waits for it and closes it, again and again, then prints
// how many cycles one of them took once all was warm.

#include <stdio.h>
#include <wchar.h>
#include <x86intrin.h>
#include <windows.h>

enum { WARM = 4, COUNTED = 16 };

int main(void)
{
    wchar_t path[MAX_PATH], line[] = L"nothing";
    GetModuleFileNameW(NULL, path, MAX_PATH);
    wcscpy(wcsrchr(path, L'\\') + 1, L"nothing.exe");
    unsigned long long begun = 0;
    for (int each = 0; each < WARM + COUNTED; each++) {
        STARTUPINFOW startup = {.cb = sizeof startup};
        PROCESS_INFORMATION made;
        if (each == WARM)
            begun = __rdtsc();
        if (!CreateProcessW(path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made))
            return 1;
        if (WaitForSingleObject(made.hProcess, INFINITE) != WAIT_OBJECT_0)
            return 2;
        DWORD code = 0;
        // Not in those that are counted.
        if (each < WARM && (!GetExitCodeProcess(made.hProcess, &code) || code != 0))
            return 3;
        CloseHandle(made.hThread);
        CloseHandle(made.hProcess);
    }
    printf("%llu\n", (__rdtsc() - begun) / COUNTED);
    return 0;
}
