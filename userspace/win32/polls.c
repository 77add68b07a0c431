/* Polls of sockets that a completion port is told of, as mio, libuv and wepoll make them: of one
   that is ready at once, of one that becomes so, of several, and without time to wait. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <winternl.h>

enum { POLL = 0x12024, RECEIVE = 1, SEND = 4, KEY = 7 };

struct poll {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG is_exclusive;
    struct {
        HANDLE handle;
        ULONG events;
        NTSTATUS status;
    } of[2];
};

struct asked {
    IO_STATUS_BLOCK block;
    struct poll poll;
};

static HANDLE device, port;

static NTSTATUS ask(struct asked *asked, LONGLONG timeout, SOCKET first, ULONG events, SOCKET second)
{
    ULONG count = second == INVALID_SOCKET ? 1 : 2;
    memset(asked, 0, sizeof *asked);
    asked->poll.timeout.QuadPart = timeout;
    asked->poll.count = count;
    asked->poll.of[0].handle = (HANDLE)first;
    asked->poll.of[0].events = events;
    asked->poll.of[1].handle = (HANDLE)second;
    asked->poll.of[1].events = events;
    ULONG bytes = 16 + 16 * count;
    return NtDeviceIoControlFile(device, NULL, NULL, asked, &asked->block, POLL, &asked->poll, bytes,
                                 &asked->poll, bytes);
}

/* The packet of a poll; whether its call said at once that it is over is the system's affair. */
static void told(const char *what, const struct asked *asked, NTSTATUS status, SOCKET first)
{
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED *overlapped = NULL;
    BOOL done = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 5000);
    printf("%s: %s, %d, key %llu, %s, %lu bytes, %lu ready\n", what, status < 0 ? "refused" : "asked",
           done, (unsigned long long)key, (void *)overlapped == (void *)asked ? "its own" : "another's",
           bytes, asked->poll.count);
    for (ULONG each = 0; each < asked->poll.count && each < 2; each++)
        printf("  the %s, events %#lx, status %#lx\n",
               asked->poll.of[each].handle == (HANDLE)first ? "first" : "second",
               asked->poll.of[each].events, (ULONG)asked->poll.of[each].status);
    BOOL more = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0);
    printf("  %s\n", more || overlapped != NULL ? "and another packet" : "and no other packet");
}

static SOCKET bound(struct sockaddr_in *address)
{
    int length = sizeof *address;
    SOCKET made = WSASocketW(AF_INET, SOCK_DGRAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(made, (struct sockaddr *)address, length);
    getsockname(made, (struct sockaddr *)address, &length);
    return made;
}

static BOOL open_device(void)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK block;
    RtlInitUnicodeString(&name, L"\\Device\\Afd\\Polls");
    InitializeObjectAttributes(&attributes, &name, 0, NULL, NULL);
    NTSTATUS status = NtCreateFile(&device, SYNCHRONIZE, &attributes, &block, NULL, 0,
                                   FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL, 0);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    return status >= 0 && CreateIoCompletionPort(device, port, KEY, 0) == port;
}

int main(void)
{
    WSADATA data;
    struct sockaddr_in first_at, second_at;
    struct asked asked;
    WSAStartup(MAKEWORD(2, 2), &data);
    SOCKET first = bound(&first_at), second = bound(&second_at);
    printf("opened: %d\n", open_device());

    NTSTATUS status = ask(&asked, LLONG_MAX, first, SEND, INVALID_SOCKET);
    told("ready at once", &asked, status, first);
    status = ask(&asked, LLONG_MAX, first, SEND, second);
    told("both at once", &asked, status, first);
    status = ask(&asked, 0, first, RECEIVE, INVALID_SOCKET);
    told("without time", &asked, status, first);
    status = ask(&asked, LLONG_MAX, first, RECEIVE, second);
    printf("pending: %d\n", status == STATUS_PENDING);
    sendto(first, "x", 1, 0, (struct sockaddr *)&second_at, sizeof second_at);
    told("later", &asked, status, first);
    return 0;
}
