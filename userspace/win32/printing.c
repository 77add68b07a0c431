/* What the C library's printf and its kin make of every kind of value, and raw output. */
#define __USE_MINGW_ANSI_STDIO 0 /* Windows' own, but for __mingw_printf */
#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

/* The compiler knows the formats of other libraries. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"

static void whole_numbers(void)
{
    printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%5.3d]\n", 42, 42, 42, 42, 42, 42, 7, 7);
    printf("[%d] [%d] [%u] [%x] [%X] [%#x] [%o] [%#o]\n", INT_MIN, INT_MAX, UINT_MAX, 0xBEEF,
           0xBEEF, 0xBEEF, 0755, 0755);
    printf("[%hd] [%hu] [%ld] [%lu]\n", (short)-1, (unsigned short)65535, LONG_MIN, ULONG_MAX);
    printf("[%I64d] [%I64u] [%I64x] [%I32d]\n", INT64_MIN, UINT64_MAX, UINT64_MAX, INT_MIN);
    printf("[%lld] [%llu] [%llx]\n", INT64_MAX, UINT64_MAX, 0x0123456789ABCDEFll);
    printf("[%*d] [%-*d] [%.*d]\n", 6, 12, 6, 12, 4, 12);
    printf("[%p]\n", (void *)(uintptr_t)0x1234ABCD);
}

static void fractions(void)
{
    printf("[%f] [%.0f] [%.1f] [%10.3f] [%-10.3f] [%+.2f]\n", 3.14159265, 2.6, 0.28, -1.5, -1.5,
           1e6);
    printf("[%e] [%E] [%.2e] [%g] [%g] [%G] [%#g]\n", 12345.678, 0.00012, -1e100, 1e5, 1e-5, 1e20,
           1.0);
    printf("[%.20f] [%.15g] [%.17g]\n", 0.5, 0.1, 0.1);
    __mingw_printf("[%a] [%Lf] [%zu] [%jd] [%td] [%hhd] [%e]\n", 1.5, 2.25L, sizeof(int),
                   (intmax_t)-5, (ptrdiff_t)6, 300, 12345.678);
    __mingw_printf("[%f] [%F] [%f]\n", INFINITY, -INFINITY, NAN);
}

static void text(void)
{
    printf("[%s] [%10s] [%-10s] [%.2s] [%c] [%5c] [%%]\n", "text", "text", "text", "text", 'x',
           'y');
    printf("[%ls] [%S] [%10ls] [%.2ls] [%hs] [%lc]\n", L"wide", L"wide", L"wide", L"wide",
           "narrow", L'w');
    wprintf(L"[%ls] [%hs] [%d] [%5.1f]\n", L"wide", "narrow", 7, 2.26);
    char buffer[8];
    int count = _snprintf(buffer, sizeof buffer, "%s", "longer than that");
    printf("%d %.8s\n", count, buffer);
    count = snprintf(buffer, sizeof buffer, "%s", "longer than that");
    printf("%d %s\n", count, buffer);
    wchar_t wide[16];
    count = _snwprintf(wide, 16, L"%ls-%d", L"abc", 12);
    printf("%d %ls\n", count, wide);
}

static void read_back(void)
{
    int whole, count, hex;
    double fraction;
    char word[10], set[10], one;
    count = sscanf("12 -0x1f 2.5e3 hello abcxyz!", "%d %i %lf %9s %9[a-c]%*3c%c", &whole, &hex,
                   &fraction, word, set, &one);
    printf("%d: %d %d %g %s %s %c\n", count, whole, hex, fraction, word, set, one);
    char *end;
    printf("%ld", strtol("-77rest", &end, 8));
    printf(" %s %g", end, strtod("1e-3x", &end));
    printf(" %s %I64u\n", end, _strtoui64("18446744073709551615", NULL, 10));
}

static void raw(const void *bytes, size_t count)
{
    DWORD written;
    fflush(stdout);
    if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, (DWORD)count, &written, NULL)
        || written != count)
        printf("WriteFile wrote %lu of %u\n", written, (unsigned)count);
}

static void other_alphabets(void)
{
    static const wchar_t said[] = L"h\u00e9llo \u20ac \u65e5\u672c \U0001F600\r\n";
    char bytes[64];
    int count = WideCharToMultiByte(CP_UTF8, 0, said, -1, bytes, sizeof bytes, NULL, NULL);
    raw(bytes, count - 1);
    raw(said, sizeof said - sizeof said[0]);
    count = WideCharToMultiByte(1252, 0, L"caf\u00e9 \u20ac\r\n", -1, bytes, sizeof bytes, NULL,
                                NULL);
    raw(bytes, count - 1);
    wchar_t back[64];
    count = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "a\xffz", -1, back, 64);
    printf("invalid: %d, error %lu\n", count, GetLastError());
    count = MultiByteToWideChar(CP_UTF8, 0, "\xf0\x9f\x98\x80", -1, back, 64);
    printf("%d units: %04x %04x\n", count, back[0], back[1]);
}

static void modes(void)
{
    fflush(stdout);
    _setmode(_fileno(stdout), _O_BINARY);
    printf("binary: a line feed alone\n");
    fflush(stdout);
    _setmode(_fileno(stdout), _O_U8TEXT);
    wprintf(L"UTF-8: \u00fc\u4e16 %ls\n", L"\u03a9");
    fflush(stdout);
    _setmode(_fileno(stdout), _O_U16TEXT);
    wprintf(L"UTF-16: \u00fc\u4e16\n");
    fflush(stdout);
    _setmode(_fileno(stdout), _O_TEXT);
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("text again");
    putchar('\n');
    puts("puts");
    fputs("fputs\n", stdout);
    fwrite("fwrite\n", 1, 7, stdout);
    _write(1, "_write\n", 7);
}

int main(void)
{
    whole_numbers();
    fractions();
    text();
    read_back();
    other_alphabets();
    modes();
    return 0;
}
