/* Jobs: what is in them, their limits, their notices, and how they end.
   Not compared, as Wine is not like Windows: a limit of active processes (Windows: error 1816,
   and the process is ended) or of memory (error 1455), that a crash is an abnormal exit, and a
   length that is not one of the class (error 24). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static wchar_t path[MAX_PATH];

static int child(char **values)
{
    if (strcmp(values[2], "exit") == 0)
        return atoi(values[3]);
    if (strcmp(values[2], "child") == 0) {
        wchar_t line[] = L"jobs child sleep";
        STARTUPINFOW startup = {.cb = sizeof startup};
        PROCESS_INFORMATION made;
        DWORD flags = values[3][0] == 'b' ? CREATE_BREAKAWAY_FROM_JOB : 0;
        if (!CreateProcessW(path, line, NULL, NULL, FALSE, flags, NULL, NULL, &startup, &made))
            return (int)GetLastError();
        if (flags) {
            BOOL is_in = TRUE;
            IsProcessInJob(made.hProcess, NULL, &is_in);
            TerminateProcess(made.hProcess, 0);
            return is_in ? 2 : 1;
        }
    }
    Sleep(INFINITE);
    return 99;
}

static void say(const char *what, BOOL done)
{
    DWORD error = GetLastError();
    printf("%s: %d, error %lu\n", what, done, done ? 0 : error);
}

static BOOL start(const wchar_t *words, DWORD flags, PROCESS_INFORMATION *made)
{
    wchar_t line[256];
    STARTUPINFOW startup = {.cb = sizeof startup};
    swprintf(line, 256, L"jobs child %ls", words);
    fflush(stdout);
    return CreateProcessW(path, line, NULL, NULL, FALSE, flags, NULL, NULL, &startup, made);
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

/* A child within a job, which goes on. */
static BOOL start_in(HANDLE job, const wchar_t *words, PROCESS_INFORMATION *made)
{
    start(words, CREATE_SUSPENDED, made);
    BOOL done = AssignProcessToJobObject(job, made->hProcess);
    DWORD error = GetLastError();
    ResumeThread(made->hThread);
    SetLastError(error);
    return done;
}

static void is_in(const char *what, HANDLE process, HANDLE job)
{
    BOOL found = 99;
    say(what, IsProcessInJob(process, job, &found));
    printf("  in it: %d\n", found);
}

static void limit(const char *what, HANDLE job, DWORD flags, DWORD processes, SIZE_T memory)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.ProcessMemoryLimit = memory};
    limits.BasicLimitInformation.LimitFlags = flags;
    limits.BasicLimitInformation.ActiveProcessLimit = processes;
    say(what, SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,
                                      sizeof limits));
}

static void account(const char *what, HANDLE job)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION found;
    DWORD length = 0;
    BOOL done = QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &found,
                                          sizeof found, &length);
    printf("%s: %d, %lu bytes, total %lu, active %lu, ended %lu\n", what, done, length,
           found.TotalProcesses, found.ActiveProcesses, found.TotalTerminatedProcesses);
}

static void members(void)
{
    PROCESS_INFORMATION first, second;
    struct {
        JOBOBJECT_BASIC_PROCESS_ID_LIST list;
        ULONG_PTR more[3];
    } ids;
    DWORD length;
    HANDLE job = CreateJobObjectW(NULL, L"jobs-job");
    HANDLE same = OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, L"jobs-job");
    printf("opened: %d\n", same != NULL);
    say("missing", OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, L"jobs-none") != NULL);
    is_in("outside", GetCurrentProcess(), job);
    say("one", start_in(job, L"sleep", &first));
    is_in("inside", first.hProcess, job);
    is_in("in any", first.hProcess, NULL);
    say("twice", AssignProcessToJobObject(job, first.hProcess));
    say("other", start_in(job, L"exit 5", &second));
    printf("ended: %lu\n", ended(&second));
    start_in(job, L"sleep", &second);
    account("account", same);
    BOOL done = QueryInformationJobObject(job, JobObjectBasicProcessIdList, &ids, sizeof ids,
                                          &length);
    printf("list: %d, assigned %lu, listed %lu, right %d\n", done,
           ids.list.NumberOfAssignedProcesses, ids.list.NumberOfProcessIdsInList,
           (ids.list.ProcessIdList[0] == first.dwProcessId ||
            ids.list.ProcessIdList[1] == first.dwProcessId) &&
           (ids.list.ProcessIdList[0] == second.dwProcessId ||
            ids.list.ProcessIdList[1] == second.dwProcessId));
    say("no room", QueryInformationJobObject(job, JobObjectBasicProcessIdList, &ids,
                                             sizeof ids.list, &length));
    say("may not end it", TerminateJobObject(same, 1));
    printf("job: %lx\n", WaitForSingleObject(job, 0));
    say("end", TerminateJobObject(job, 77));
    DWORD one = ended(&first), two = ended(&second);
    printf("ended: %lu %lu\n", one, two);
    say("end none", TerminateJobObject(job, 78));
    account("after it", job);
    CloseHandle(same);
    CloseHandle(job);
}

static void notices(void)
{
    static const char *const names[] = {"0", "end of job time", "end of process time",
        "active limit", "none active", "5", "new", "exit", "abnormal exit", "process memory",
        "job memory", "notice"};
    PROCESS_INFORMATION made;
    DWORD what, id;
    ULONG_PTR key;
    OVERLAPPED *process;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT association = {(void *)5, port};
    say("port", SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation,
                                        &association, sizeof association));
    static const wchar_t *const words[] = {L"exit 3", L"exit 0", L"sleep"};
    for (int each = 0; each < 3; each++) {
        start_in(job, words[each], &made);
        id = made.dwProcessId;
        if (each == 2)
            TerminateProcess(made.hProcess, 4);
        printf("%ls: %lx\n", words[each], ended(&made));
        do {
            if (!GetQueuedCompletionStatus(port, &what, &key, &process, 2000))
                break;
            printf("  %s, key %d, of it %d\n", names[what % 12], (int)key,
                   (DWORD)(UINT_PTR)process == id);
        } while (what != JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO);
    }
    CloseHandle(job);
    printf("more: %d\n", GetQueuedCompletionStatus(port, &what, &key, &process, 10));
    CloseHandle(port);
}

static void ending(void)
{
    PROCESS_INFORMATION one, other;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    limit("ends with its handle", job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, 0, 0);
    start_in(job, L"sleep", &one);
    start_in(job, L"child stays", &other);
    CloseHandle(job);
    DWORD first = ended(&one), second = ended(&other);
    printf("ended: %lx %lx\n", first, second);
    job = CreateJobObjectW(NULL, NULL);
    start_in(job, L"sleep", &one);
    CloseHandle(job);
    printf("goes on: %lx\n", WaitForSingleObject(one.hProcess, 20));
    TerminateProcess(one.hProcess, 6);
    printf("ended: %lx\n", ended(&one));
}

static void breaking_away(void)
{
    PROCESS_INFORMATION made;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    start_in(job, L"child breaks", &made);
    printf("may not: %lu\n", ended(&made));
    limit("breakaway", job, JOB_OBJECT_LIMIT_BREAKAWAY_OK, 0, 0);
    start_in(job, L"child breaks", &made);
    printf("may: %lu\n", ended(&made));
    limit("silently", job, JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK, 0, 0);
    account("account", job);
    CloseHandle(job);
    say("out of none", start(L"exit 9", CREATE_BREAKAWAY_FROM_JOB, &made));
    printf("ended: %lu\n", ended(&made));
}

static void nesting(void)
{
    PROCESS_INFORMATION made;
    HANDLE outer = CreateJobObjectW(NULL, NULL), inner = CreateJobObjectW(NULL, NULL);
    start(L"sleep", 0, &made);
    say("outer", AssignProcessToJobObject(outer, made.hProcess));
    say("inner", AssignProcessToJobObject(inner, made.hProcess));
    is_in("outer", made.hProcess, outer);
    is_in("inner", made.hProcess, inner);
    account("outer", outer);
    say("end outer", TerminateJobObject(outer, 12));
    printf("ended: %lu\n", ended(&made));
    account("inner", inner);
    CloseHandle(inner);
    CloseHandle(outer);
}

static void limits(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION found;
    PROCESS_INFORMATION made;
    DWORD length = 0;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    limit("two active", job, JOB_OBJECT_LIMIT_ACTIVE_PROCESS, 2, 0);
    say("within it", start_in(job, L"exit 1", &made));
    printf("ended: %lu\n", ended(&made));
    limit("memory", job, JOB_OBJECT_LIMIT_PROCESS_MEMORY, 0, 256 << 20);
    say("within it", start_in(job, L"exit 2", &made));
    printf("ended: %lu\n", ended(&made));
    BOOL done = QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &found,
                                          sizeof found, &length);
    printf("limits: %d, %lu bytes\n", done, length);
    limit("unknown flag", job, 0x80000000, 0, 0);
    CloseHandle(job);
}

int main(int count, char **values)
{
    GetModuleFileNameW(NULL, path, MAX_PATH);
    if (count > 2 && strcmp(values[1], "child") == 0)
        return child(values);
    members();
    notices();
    ending();
    breaking_away();
    nesting();
    limits();
    return 0;
}
