/* Notices of what changes in folders, whole and one by one.
   Not compared, as Wine is not like Windows: changes in folders below, how too many changes are
   told (Windows: no bytes of them), and watching a file (error 87). */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { ALL = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME };

static char buffer[4096];

static void say(const char *what, BOOL done)
{
    DWORD error = GetLastError();
    printf("%s: %d, error %lu\n", what, done, done ? 0 : error);
}

static void file(const wchar_t *name, const char *text)
{
    DWORD bytes;
    HANDLE made = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (*text)
        WriteFile(made, text, (DWORD)strlen(text), &bytes, NULL);
    CloseHandle(made);
}

static HANDLE folder(DWORD flags)
{
    return CreateFileW(L"watched", FILE_LIST_DIRECTORY,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
}

static const char *action(DWORD number)
{
    static const char *const names[] = {"0", "added", "removed", "modified", "old name",
                                        "new name"};
    return number < 6 ? names[number] : "unknown";
}

/* Reads changes until none comes for a while; how often one file was
   modified in a row is not told. */
static void changes(const char *what, DWORD filter, void (*makes)(void))
{
    HANDLE watched = folder(FILE_FLAG_OVERLAPPED);
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    wchar_t last[MAX_PATH] = L"";
    DWORD last_action = 0, bytes;
    printf("%s\n", what);
    for (int round = 0;; round++) {
        if (!ReadDirectoryChangesW(watched, buffer, sizeof buffer, FALSE, filter, NULL,
                                   &overlapped, NULL)) {
            say("not read", FALSE);
            break;
        }
        if (round == 0)
            makes();
        if (WaitForSingleObject(overlapped.hEvent, 60) != WAIT_OBJECT_0) {
            CancelIo(watched);
            BOOL done = GetOverlappedResult(watched, &overlapped, &bytes, TRUE);
            if (done || GetLastError() != ERROR_OPERATION_ABORTED)
                say("cancelled", done);
            break;
        }
        GetOverlappedResult(watched, &overlapped, &bytes, TRUE);
        if (bytes == 0)
            printf("  too many\n");
        for (char *at = buffer; bytes > 0;) {
            FILE_NOTIFY_INFORMATION *one = (FILE_NOTIFY_INFORMATION *)at;
            wchar_t name[MAX_PATH];
            swprintf(name, MAX_PATH, L"%.*ls", (int)(one->FileNameLength / 2), one->FileName);
            if (one->Action != FILE_ACTION_MODIFIED || last_action != one->Action ||
                wcscmp(name, last) != 0)
                printf("  %s %ls\n", action(one->Action), name);
            wcscpy(last, name);
            last_action = one->Action;
            if (one->NextEntryOffset == 0)
                break;
            at += one->NextEntryOffset;
        }
    }
    CloseHandle(overlapped.hEvent);
    CloseHandle(watched);
}

static void creates(void)
{
    file(L"watched\\one.txt", "");
    CreateDirectoryW(L"watched\\sub", NULL);
    file(L"watched\\sub\\two.txt", "");
    file(L"beside.txt", "");
    DeleteFileW(L"beside.txt");
}

static void renames(void)
{
    MoveFileW(L"watched\\one.txt", L"watched\\A long name of one.text");
    MoveFileW(L"watched\\sub\\two.txt", L"watched\\sub\\three.txt");
}

static void moves(void)
{
    MoveFileW(L"watched\\A long name of one.text", L"outside.txt");
    MoveFileW(L"outside.txt", L"watched\\one.txt");
}

static void writes(void)
{
    file(L"watched\\one.txt", "four");
}

static void grows(void)
{
    DWORD bytes;
    HANDLE made = CreateFileW(L"watched\\one.txt", FILE_APPEND_DATA, 0, NULL, OPEN_EXISTING, 0,
                              NULL);
    WriteFile(made, "more", 4, &bytes, NULL);
    CloseHandle(made);
}

static void deletes(void)
{
    DeleteFileW(L"watched\\one.txt");
    DeleteFileW(L"watched\\sub\\three.txt");
    RemoveDirectoryW(L"watched\\sub");
}

static void does_nothing(void)
{
}

static void reading(void)
{
    changes("created", ALL, creates);
    changes("renamed", ALL, renames);
    changes("moved", ALL, moves);
    changes("names only", ALL, grows);
    changes("written", FILE_NOTIFY_CHANGE_LAST_WRITE, writes);
    changes("grown", FILE_NOTIFY_CHANGE_SIZE, grows);
    changes("deleted", ALL, deletes);
    changes("nothing", ALL, does_nothing);
}

static DWORD WINAPI makes_late(void *unused)
{
    (void)unused;
    Sleep(20);
    file(L"watched\\late", "");
    return 0;
}

static void WINAPI completed(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    (void)overlapped;
    printf("completed: error %lu, %d\n", error, bytes > 0);
}

static void ways(void)
{
    OVERLAPPED overlapped = {0};
    DWORD bytes = 0;
    HANDLE watched = folder(0);
    HANDLE thread = CreateThread(NULL, 0, makes_late, NULL, 0, NULL);
    BOOL done = ReadDirectoryChangesW(watched, buffer, sizeof buffer, FALSE, ALL, &bytes, NULL,
                                      NULL);
    printf("synchronous: %d, %lu bytes, %s\n", done, bytes,
           action(((FILE_NOTIFY_INFORMATION *)buffer)->Action));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(watched);
    watched = folder(FILE_FLAG_OVERLAPPED);
    ReadDirectoryChangesW(watched, buffer, sizeof buffer, FALSE, ALL, NULL, &overlapped, completed);
    DeleteFileW(L"watched\\late");
    printf("by an APC: %lx\n", SleepEx(1000, TRUE));
    ReadDirectoryChangesW(watched, buffer, sizeof buffer, FALSE, ALL, NULL, &overlapped, completed);
    CancelIo(watched);
    printf("cancelled: %lx\n", SleepEx(1000, TRUE));
    say("no filter", ReadDirectoryChangesW(watched, buffer, sizeof buffer, FALSE, 0, NULL,
                                           &overlapped, NULL));
    CloseHandle(watched);
}

static void whole(void)
{
    HANDLE change = FindFirstChangeNotificationW(L"watched", FALSE, ALL);
    printf("nothing: %lx\n", WaitForSingleObject(change, 10));
    file(L"watched\\one", "");
    printf("made: %lx\n", WaitForSingleObject(change, 1000));
    say("next", FindNextChangeNotification(change));
    printf("nothing more: %lx\n", WaitForSingleObject(change, 10));
    DeleteFileW(L"watched\\one");
    printf("deleted: %lx\n", WaitForSingleObject(change, 1000));
    say("next", FindNextChangeNotification(change));
    say("closed", FindCloseChangeNotification(change));
    change = FindFirstChangeNotificationW(L"missing", FALSE, ALL);
    say("missing", change != INVALID_HANDLE_VALUE);
}

int main(void)
{
    CreateDirectoryW(L"watched", NULL);
    reading();
    ways();
    whole();
    say("removed", RemoveDirectoryW(L"watched"));
    return 0;
}
