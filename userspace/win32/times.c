/* Clocks, sleeps, timers, and times in every form. Nothing is said to take at most so long. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <windows.h>

#define PER_SECOND 10000000ll
#define PER_MILLISECOND 10000ll

static int64_t number(const FILETIME *time)
{
    return (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static int64_t now(void)
{
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    return number(&time);
}

static int64_t counter(void)
{
    LARGE_INTEGER value;
    QueryPerformanceCounter(&value);
    return value.QuadPart;
}

static int64_t frequency;

/* Whether so many milliseconds have passed since, by the counter. */
static int is_past(int64_t start, int64_t milliseconds)
{
    return (counter() - start) * 1000 >= milliseconds * frequency;
}

static void clocks(void)
{
    LARGE_INTEGER value;
    QueryPerformanceFrequency(&value);
    frequency = value.QuadPart;
    printf("at least a million a second: %d\n", frequency >= 1000000);
    int backwards = 0;
    int64_t before = counter(), clock_before = now();
    ULONGLONG ticks = GetTickCount64();
    for (int round = 0; round < 2000; round++) {
        int64_t after = counter();
        backwards += after < before;
        before = after;
        int64_t later = now();
        backwards += later < clock_before;
        clock_before = later;
        ULONGLONG more = GetTickCount64();
        backwards += more < ticks;
        ticks = more;
    }
    printf("went back: %d\n", backwards);
    FILETIME precise;
    SYSTEMTIME parts;
    GetSystemTimePreciseAsFileTime(&precise);
    GetSystemTime(&parts);
    printf("after 2020: %d, month %d, day %d\n", parts.wYear > 2020,
           parts.wMonth >= 1 && parts.wMonth <= 12, parts.wDay >= 1 && parts.wDay <= 31);
    printf("the same clock: %d\n", llabs(number(&precise) - now()) < 3600 * PER_SECOND);
    printf("the C library's: %d\n",
           llabs((int64_t)time(NULL) - (now() / PER_SECOND - 11644473600ll)) < 3600);
}

static void sleeps(void)
{
    static const DWORD all[] = {0, 1, 15, 40};
    for (size_t index = 0; index < sizeof all / sizeof all[0]; index++) {
        int64_t start = counter();
        Sleep(all[index]);
        /* A millisecond less: a sleep may begin inside one. */
        printf("slept %lu: %d\n", all[index], is_past(start, (int64_t)all[index] - 1));
    }
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    int64_t start = counter();
    printf("waited: %lu", WaitForSingleObject(event, 30));
    printf(", long enough: %d\n", is_past(start, 29));
    CloseHandle(event);
}

static int calls;

static void CALLBACK called(void *what, DWORD low, DWORD high)
{
    FILETIME due = {low, high};
    calls++;
    if (number(&due) > now())
        printf("%s before its time\n", (char *)what);
}

static void timers(void)
{
    HANDLE timer = CreateWaitableTimerW(NULL, TRUE, NULL);
    LARGE_INTEGER due = {.QuadPart = -20 * PER_MILLISECOND};
    int64_t start = counter();
    SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
    printf("not yet: %lx\n", WaitForSingleObject(timer, 0));
    printf("due: %lx", WaitForSingleObject(timer, INFINITE));
    printf(", after its time: %d\n", is_past(start, 19));
    printf("stays: %lx\n", WaitForSingleObject(timer, 0));
    due.QuadPart = now() + 10 * PER_MILLISECOND;
    SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
    printf("by the clock: %lx", WaitForSingleObject(timer, INFINITE));
    printf(", after its time: %d\n", now() >= due.QuadPart);
    due.QuadPart = -3600 * PER_SECOND;
    SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
    BOOL done = CancelWaitableTimer(timer);
    printf("cancelled: %d, %lx\n", done, WaitForSingleObject(timer, 5));
    CloseHandle(timer);
    timer = CreateWaitableTimerW(NULL, FALSE, NULL);
    due.QuadPart = -5 * PER_MILLISECOND;
    start = counter();
    SetWaitableTimer(timer, &due, 5, called, "timer", FALSE);
    while (calls < 3)
        SleepEx(INFINITE, TRUE);
    printf("called three times, after their times: %d\n", is_past(start, 14));
    CloseHandle(timer);
}

static void convert(WORD year, WORD month, WORD day, WORD hour)
{
    SYSTEMTIME parts = {year, month, 0, day, hour, 59, 58, 999}, back;
    FILETIME time;
    SetLastError(0);
    if (!SystemTimeToFileTime(&parts, &time)) {
        printf("%u-%u-%u: error %lu\n", year, month, day, GetLastError());
        return;
    }
    FileTimeToSystemTime(&time, &back);
    printf("%u-%02u-%02u: %lld, day of week %u, back %u-%02u-%02u %02u:%02u:%02u.%03u\n", year,
           month, day, number(&time), back.wDayOfWeek, back.wYear, back.wMonth, back.wDay,
           back.wHour, back.wMinute, back.wSecond, back.wMilliseconds);
}

static void conversions(void)
{
    convert(1601, 1, 1, 0);
    convert(1970, 1, 1, 12);
    convert(1999, 12, 31, 23);
    convert(2000, 2, 29, 6);
    convert(2023, 2, 29, 6);
    convert(2100, 2, 29, 6);
    convert(2024, 13, 1, 0);
    convert(1600, 1, 1, 0);
    convert(9999, 12, 31, 23);
    WORD date, time;
    FILETIME file;
    SYSTEMTIME parts = {2024, 5, 0, 6, 7, 8, 10, 0}, back;
    SystemTimeToFileTime(&parts, &file);
    FileTimeToDosDateTime(&file, &date, &time);
    DosDateTimeToFileTime(date, time, &file);
    FileTimeToSystemTime(&file, &back);
    printf("for DOS: %04x %04x, back %u:%u:%u\n", date, time, back.wHour, back.wMinute,
           back.wSecond);
    FILETIME later = file;
    later.dwLowDateTime++;
    printf("compared: %ld %ld %ld\n", CompareFileTime(&file, &later),
           CompareFileTime(&later, &file), CompareFileTime(&file, &file));
    FILETIME local;
    FileTimeToLocalFileTime(&file, &local);
    TIME_ZONE_INFORMATION zone;
    GetTimeZoneInformation(&zone);
    printf("minutes from here to UTC: %ld, differs: %lld\n", zone.Bias,
           number(&local) - number(&file));
}

static void of_the_library(void)
{
    time_t when = 1709251199; /* 2024-02-29 23:59:59 */
    struct tm parts = *gmtime(&when);
    char text[200];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %A %b %B %j %U %w %W %y %I %p %%", &parts);
    printf("%s\n", text);
    printf("%s", asctime(&parts));
    printf("%s", ctime(&when));
    printf("back: %d, day %d of the year\n", mktime(&parts) == when, parts.tm_yday);
    struct tm over = {.tm_year = 123, .tm_mon = 13, .tm_mday = 31, .tm_hour = 25};
    time_t made = mktime(&over);
    strftime(text, sizeof text, "%Y-%m-%d %H", gmtime(&made));
    printf("too much of all: %s\n", text);
    printf("difference: %.0f\n", difftime(when, 0));
    clock_t start = clock();
    printf("clock: %d\n", start >= 0 && clock() >= start);
}

int main(void)
{
    clocks();
    sleeps();
    timers();
    conversions();
    of_the_library();
    return 0;
}
