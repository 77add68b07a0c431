// Writes files to its standard output as they are: for each argument a line with
// the length in bytes, or `none`, and behind it what is in the file.

#include <fcntl.h>
#include <io.h>
#include <stdio.h>

static int show(const wchar_t *name)
{
    char buffer[65536];
    FILE *file = _wfopen(name, L"rb");
    if (file == NULL) {
        printf("none\n");
        return 0;
    }
    printf("%lld\n", _filelengthi64(_fileno(file)));
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, file)) != 0)
        fwrite(buffer, 1, count, stdout);
    int failed = ferror(file);
    fclose(file);
    return failed;
}

int wmain(int count, wchar_t **names)
{
    _setmode(_fileno(stdout), _O_BINARY);
    for (int index = 1; index < count; index++) {
        if (show(names[index]) != 0) {
            fwprintf(stderr, L"%ls cannot be read\n", names[index]);
            return 1;
        }
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
