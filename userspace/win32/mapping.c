/* Memory of a program's own, and of files: views, protections, copies, what is shared. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

enum { PAGE = 4096, GRAIN = 65536 };

static void say(const char *what, BOOL done)
{
    if (done)
        printf("%s: done\n", what);
    else
        printf("%s: error %lu\n", what, GetLastError());
}

static HANDLE make(const wchar_t *name, const char *content)
{
    DWORD written;
    HANDLE file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, content, (DWORD)strlen(content), &written, NULL);
    return file;
}

/* What a file has in some place, by a read. */
static void show(const char *what, HANDLE file, DWORD place, DWORD count)
{
    char bytes[64] = "";
    OVERLAPPED at = {.Offset = place};
    DWORD done = 0;
    ReadFile(file, bytes, count, &done, &at);
    printf("%s: [%.*s]\n", what, (int)done, bytes);
}

static LONGLONG size_of(HANDLE file)
{
    LARGE_INTEGER size;
    GetFileSizeEx(file, &size);
    return size.QuadPart;
}

static void of_files(void)
{
    HANDLE file = make(L"mapping.tmp", "the content of a file");
    HANDLE section = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    char *view = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    char *other = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    printf("seen: [%.21s], behind it: %d\n", view, view[21]);
    memcpy(view, "THE", 3);
    printf("in the other view: [%.7s]\n", other);
    show("by a read", file, 0, 7);
    DWORD written;
    OVERLAPPED at = {.Offset = 4};
    WriteFile(file, "CONTENT", 7, &written, &at);
    printf("after a write: [%.15s]\n", view);
    view[30] = 'x';
    say("flush", FlushViewOfFile(view, 0));
    say("flush the file", FlushFileBuffers(file));
    printf("as long as before: %lld\n", size_of(file));
    SetFilePointer(file, 3, NULL, FILE_BEGIN);
    say("cut what is mapped", SetEndOfFile(file));
    say("delete what is mapped", DeleteFileW(L"mapping.tmp"));
    say("unmap", UnmapViewOfFile(view));
    say("unmap inside", UnmapViewOfFile(other + 5));
    say("unmap again", UnmapViewOfFile(other));
    CloseHandle(section);
    SetFilePointer(file, 3, NULL, FILE_BEGIN);
    say("cut it now", SetEndOfFile(file));
    show("all of it", file, 0, 30);
    CloseHandle(file);
}

static void copies(void)
{
    HANDLE file = make(L"copied.tmp", "as it was");
    HANDLE section = CreateFileMappingW(file, NULL, PAGE_WRITECOPY, 0, 0, NULL);
    char *own = MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    char *other = MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    char *reads = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    memcpy(own, "MY", 2);
    printf("own [%.9s], other [%.9s], reads [%.9s]\n", own, other, reads);
    show("the file", file, 0, 9);
    say("a view that writes", MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0) != NULL);
    UnmapViewOfFile(own);
    UnmapViewOfFile(other);
    UnmapViewOfFile(reads);
    CloseHandle(section);
    CloseHandle(file);
    DeleteFileW(L"copied.tmp");
}

static void growing(void)
{
    HANDLE file = make(L"grown.tmp", "start");
    say("of nothing", CreateFileMappingW(make(L"empty.tmp", ""), NULL, PAGE_READWRITE, 0, 0, NULL)
                          != NULL);
    HANDLE section = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 3 * GRAIN, NULL);
    printf("grown to %lld\n", size_of(file));
    char *part = MapViewOfFile(section, FILE_MAP_WRITE, 0, 2 * GRAIN, 10);
    memcpy(part, "near the end", 12);
    FlushViewOfFile(part, 12);
    show("there", file, 2 * GRAIN, 12);
    say("at an odd place", MapViewOfFile(section, FILE_MAP_READ, 0, 5, 10) != NULL);
    say("too long", MapViewOfFile(section, FILE_MAP_READ, 0, 0, 4 * GRAIN) != NULL);
    UnmapViewOfFile(part);
    CloseHandle(section);
    HANDLE reader = CreateFileW(L"grown.tmp", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    say("to write what only reads", CreateFileMappingW(reader, NULL, PAGE_READWRITE, 0, 0, NULL)
                                        != NULL);
    say("to grow what only reads", CreateFileMappingW(reader, NULL, PAGE_READONLY, 0, 4 * GRAIN,
                                                      NULL) != NULL);
    CloseHandle(reader);
    CloseHandle(file);
    DeleteFileW(L"grown.tmp");
}

static void without_a_file(void)
{
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN,
                                        L"Local\\mapping-test");
    printf("new: error %lu\n", GetLastError());
    HANDLE again = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGE,
                                      L"Local\\mapping-test");
    printf("the same: error %lu\n", GetLastError());
    HANDLE opened = OpenFileMappingW(FILE_MAP_READ, FALSE, L"mapping-test");
    int *one = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    int *other = MapViewOfFile(again, FILE_MAP_WRITE, 0, 0, GRAIN);
    int *reads = MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0);
    printf("zero: %d, ", reads[100]);
    one[100] = 5;
    other[100]++;
    printf("shared: %d, apart: %d\n", reads[100], one != other && other != reads);
    say("written by who reads", MapViewOfFile(opened, FILE_MAP_WRITE, 0, 0, 0) != NULL);
    say("no such name", OpenFileMappingW(FILE_MAP_READ, FALSE, L"mapping-none") != NULL);
    say("of no size", CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL)
                          != NULL);
    HANDLE reserved = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE,
                                         0, 16 * PAGE, NULL);
    char *view = MapViewOfFile(reserved, FILE_MAP_WRITE, 0, 0, 0);
    MEMORY_BASIC_INFORMATION facts;
    VirtualQuery(view, &facts, sizeof facts);
    printf("reserved: %lx %lx, ", facts.State, facts.Type);
    VirtualAlloc(view + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE);
    view[PAGE] = 7;
    VirtualQuery(view + PAGE, &facts, sizeof facts);
    printf("committed: %lx, %u pages\n", facts.State, (unsigned)(facts.RegionSize / PAGE));
    UnmapViewOfFile(view);
    CloseHandle(reserved);
    CloseHandle(section);
    CloseHandle(again);
    CloseHandle(opened);
    printf("a view stays: %d\n", one[100]);
    UnmapViewOfFile(one);
    UnmapViewOfFile(other);
    UnmapViewOfFile(reads);
    say("the name is gone", OpenFileMappingW(FILE_MAP_READ, FALSE, L"mapping-test") == NULL);
}

static void query(const char *what, char *base, char *at)
{
    MEMORY_BASIC_INFORMATION facts;
    VirtualQuery(at, &facts, sizeof facts);
    printf("%s: at %lld of %lld, %llu pages, state %lx, protection %lx, at first %lx, type %lx\n",
           what, (long long)((char *)facts.BaseAddress - base) / PAGE,
           (long long)((char *)facts.AllocationBase - base) / PAGE,
           (unsigned long long)facts.RegionSize / PAGE, facts.State, facts.Protect,
           facts.AllocationProtect, facts.Type);
}

static void own_memory(void)
{
    DWORD old;
    char *base = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    printf("on a boundary: %d\n", (uintptr_t)base % GRAIN == 0);
    query("reserved", base, base + 5 * PAGE);
    say("commit", VirtualAlloc(base + 4 * PAGE + 100, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE)
                      == base + 4 * PAGE);
    query("committed", base, base + 4 * PAGE);
    query("before it", base, base);
    query("behind it", base, base + 8 * PAGE);
    base[4 * PAGE] = 1;
    say("protect", VirtualProtect(base + 5 * PAGE, PAGE, PAGE_EXECUTE_READ, &old));
    printf("was %lx\n", old);
    query("protected", base, base + 5 * PAGE);
    query("before that", base, base + 4 * PAGE);
    say("protect what is not there", VirtualProtect(base, PAGE, PAGE_READONLY, &old));
    say("a protection that is none", VirtualProtect(base + 4 * PAGE, PAGE, 0x7777, &old));
    say("decommit", VirtualFree(base + 4 * PAGE, PAGE, MEM_DECOMMIT));
    VirtualAlloc(base + 4 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE);
    printf("zero again: %d\n", base[4 * PAGE]);
    say("release a part", VirtualFree(base + PAGE, 0, MEM_RELEASE));
    say("release with a size", VirtualFree(base, PAGE, MEM_RELEASE));
    say("release", VirtualFree(base, 0, MEM_RELEASE));
    say("release again", VirtualFree(base, 0, MEM_RELEASE));
    say("commit what is not reserved", VirtualAlloc(base, PAGE, MEM_COMMIT, PAGE_READWRITE)
                                           != NULL);
    say("nothing", VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE) != NULL);
    say("far too much", VirtualAlloc(NULL, (SIZE_T)1 << 60, MEM_RESERVE, PAGE_READWRITE) != NULL);
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    printf("pages of %lu, grains of %lu\n", system.dwPageSize, system.dwAllocationGranularity);
    unsigned char *code = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    memcpy(code, "\xB8\x2A\0\0\0\xC3", 6); /* mov eax, 42; ret */
    VirtualProtect(code, PAGE, PAGE_EXECUTE_READ, &old);
    FlushInstructionCache(GetCurrentProcess(), code, 6);
    printf("code that was made: %d\n", ((int (*)(void))(void *)code)());
    VirtualFree(code, 0, MEM_RELEASE);
}

int main(void)
{
    of_files();
    copies();
    growing();
    without_a_file();
    own_memory();
    return 0;
}
