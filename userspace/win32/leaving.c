// Ends before a child of its own does, which goes on for ever and has children itself.

#include <string.h>
#include <windows.h>

static int start(const char *word)
{
    char path[MAX_PATH], line[32] = "leaving ";
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    GetModuleFileNameA(NULL, path, sizeof path);
    strcat(line, word);
    return CreateProcessA(path, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup,
                          &made);
}

int main(int count, char **values)
{
    HANDLE runs = CreateSemaphoreA(NULL, 0, 3, "leaving-runs");
    if (count > 1) {
        if (values[1][0] == 'p' && !start("loops"))
            return 1;
        ReleaseSemaphore(runs, 1, NULL);
        for (volatile int forever = 1; forever;)
            if (values[1][0] == 's')
                Sleep(INFINITE);
    }
    if (!start("parent") || !start("sleeps"))
        return 2;
    for (int each = 0; each < 3; each++)
        WaitForSingleObject(runs, INFINITE);
    return 23;
}
