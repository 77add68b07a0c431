/* What programs find of the system and its user: assemblies, keys, folders, DLLs, rights. */

#include <aclapi.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

static const char MANIFEST[] =
    "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'>"
    "<compatibility xmlns='urn:schemas-microsoft-com:compatibility.v1'><application>"
    "<supportedOS Id='{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}'/>"
    "</application></compatibility><dependency><dependentAssembly>"
    "<assemblyIdentity type='win32' name='%s' version='6.0.0.0' processorArchitecture='*'"
    " publicKeyToken='6595b64144ccf1df' language='*'/>"
    "</dependentAssembly></dependency></assembly>";

static void assembly(const char *name)
{
    struct {
        ULONG count;
        COMPATIBILITY_CONTEXT_ELEMENT elements[4];
    } known = {0};
    char folder[MAX_PATH], path[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    GetTempFileNameA(folder, "man", 0, path);
    FILE *file = fopen(path, "wb");
    fprintf(file, MANIFEST, name);
    fclose(file);
    ACTCTXA asked = {.cbSize = sizeof asked, .lpSource = path};
    HANDLE context = CreateActCtxA(&asked);
    if (context == INVALID_HANDLE_VALUE) {
        printf("%s: %lu\n", name, GetLastError());
    } else {
        BOOL done = QueryActCtxW(0, context, NULL, 6, &known, sizeof known, NULL);
        printf("%s: %d %lu\n", name, done, known.count);
        ReleaseActCtx(context);
    }
    DeleteFileA(path);
}

/* Whether a key has a value, of which type. */
static void value(HKEY root, const char *path, const char *name)
{
    BYTE data[400];
    DWORD type = 0, length = sizeof data;
    HKEY key;
    LONG status = RegOpenKeyExA(root, path, 0, KEY_READ, &key);
    if (!status && name)
        status = RegQueryValueExA(key, name, NULL, &type, data, &length);
    printf("%s %s: %ld %lu\n", path, name ? name : "", status, type);
}

static void profile(void)
{
    BOOL (WINAPI *ask)(HANDLE, char *, DWORD *);
    char path[MAX_PATH] = "", said[MAX_PATH] = "";
    DWORD length = sizeof path;
    HANDLE token;
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    ask = (void *)GetProcAddress(LoadLibraryA("userenv.dll"), "GetUserProfileDirectoryA");
    GetEnvironmentVariableA("USERPROFILE", said, sizeof said);
    printf("profile %d", ask(token, path, &length));
    printf(" %d\n", !_stricmp(path, said));
}

static void libraries(void)
{
    static const char *const names[] = {"netapi32", "wtsapi32", "pdh", "mpr", "sspicli", "wintrust",
                                        "imagehlp", "cabinet", "propsys", "winhttp", "normaliz"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (LoadLibraryA(names[i]) == NULL)
            printf("no %s: %lu\n", names[i], GetLastError());
}

/* Takes all rights to a file away. */
static void rights(void)
{
    char folder[MAX_PATH], path[MAX_PATH];
    ACL none;
    GetTempPathA(sizeof folder, folder);
    GetTempFileNameA(folder, "acl", 0, path);
    InitializeAcl(&none, sizeof none, ACL_REVISION);
    SECURITY_INFORMATION what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    printf("rights %lu\n",
           SetNamedSecurityInfoA(path, SE_FILE_OBJECT, what, NULL, NULL, &none, NULL));
    printf("read %d\n", fopen(path, "r") != NULL);
    DeleteFileA(path);
}

int main(void)
{
    assembly("Microsoft.Windows.Common-Controls");
    assembly("Nobody.Has.This");
    value(HKEY_CURRENT_USER, "Software", NULL);
    value(HKEY_CURRENT_USER, "Environment", NULL);
    value(HKEY_CLASSES_ROOT, "", NULL);
    for (int i = 0; i < 3; i++)
        value(HKEY_LOCAL_MACHINE, "Software\\Microsoft\\Windows NT\\CurrentVersion",
              (const char *[]){"ProductName", "CurrentBuild", "CurrentVersion"}[i]);
    for (int i = 0; i < 2; i++)
        value(HKEY_LOCAL_MACHINE, "Hardware\\Description\\System\\CentralProcessor\\0",
              (const char *[]){"~MHz", "ProcessorNameString"}[i]);
    profile();
    libraries();
    rights();
    return 0;
}
