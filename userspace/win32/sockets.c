/* Sockets over loopback: all that programs do with them, with the same result each time. */
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>

static void say(const char *what, int result)
{
    printf("%s: %d", what, result);
    if (result == SOCKET_ERROR)
        printf(", %d", WSAGetLastError());
    printf("\n");
}

static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A socket that listens, and where. */
static SOCKET listening(struct sockaddr_in *address)
{
    SOCKET server = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    int length = sizeof *address;
    *address = loopback(0);
    bind(server, (struct sockaddr *)address, sizeof *address);
    getsockname(server, (struct sockaddr *)address, &length);
    listen(server, 5);
    return server;
}

/* The two ends of a connection. */
static void connected(SOCKET ends[2])
{
    struct sockaddr_in address;
    SOCKET server = listening(&address);
    ends[0] = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    connect(ends[0], (struct sockaddr *)&address, sizeof address);
    ends[1] = accept(server, NULL, NULL);
    closesocket(server);
}

static int selected(SOCKET which, int writes, long milliseconds)
{
    fd_set set;
    struct timeval time = {0, milliseconds * 1000};
    FD_ZERO(&set);
    FD_SET(which, &set);
    return select(0, writes ? NULL : &set, writes ? &set : NULL, NULL, &time);
}

static void streams(void)
{
    SOCKET ends[2];
    char text[16] = {0};
    u_long count = 0;
    connected(ends);
    say("nothing to read", selected(ends[1], 0, 10));
    say("send", send(ends[0], "hello, world", 12, 0));
    say("something to read", selected(ends[1], 0, 10));
    ioctlsocket(ends[1], FIONREAD, &count);
    say("how much", (int)count);
    say("peek", recv(ends[1], text, 5, MSG_PEEK));
    say("receive", recv(ends[1], text, 7, 0));
    printf("%.7s\n", text);
    say("shut down", shutdown(ends[0], SD_SEND));
    say("send behind it", send(ends[0], "x", 1, 0));
    say("the rest", recv(ends[1], text, sizeof text, 0));
    say("the end", recv(ends[1], text, sizeof text, 0));
    say("back", send(ends[1], "back", 4, 0));
    say("receive", recv(ends[0], text, sizeof text, 0));
    closesocket(ends[0]);
    closesocket(ends[1]);
    connected(ends);
    send(ends[0], "unread", 6, 0);
    closesocket(ends[1]);
    say("reset", recv(ends[0], text, sizeof text, 0));
    closesocket(ends[0]);
}

static void errors(void)
{
    struct sockaddr_in address, peer = loopback(htons(80));
    SOCKET server = listening(&address), other = socket(AF_INET, SOCK_STREAM, 0);
    char byte;
    int value = 0, length = sizeof value;
    u_long on = 1;
    say("no such family", socket(1234, SOCK_STREAM, 0) == INVALID_SOCKET ? SOCKET_ERROR : 0);
    say("bound by another", bind(other, (struct sockaddr *)&address, sizeof address));
    say("listen without a name", listen(other, 1));
    say("not connected", recv(other, &byte, 1, 0));
    say("no other end", getpeername(other, (struct sockaddr *)&peer, &length));
    closesocket(server);
    say("nobody listens", connect(other, (struct sockaddr *)&address, sizeof address));
    ioctlsocket(other, FIONBIO, &on);
    server = listening(&address);
    say("told later", connect(other, (struct sockaddr *)&address, sizeof address));
    say("connected", selected(other, 1, 1000));
    say("nothing there", recv(other, &byte, 1, 0));
    length = sizeof value;
    say("no error", getsockopt(other, SOL_SOCKET, SO_ERROR, (char *)&value, &length));
    say("value", value);
    say("no socket", send((SOCKET)0x1234568, "x", 1, 0));
    closesocket(server);
    closesocket(other);
}

static void datagrams(void)
{
    SOCKET one = socket(AF_INET, SOCK_DGRAM, 0), two = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = loopback(0), from;
    int length = sizeof address, milliseconds = 50;
    char text[16];
    bind(one, (struct sockaddr *)&address, sizeof address);
    getsockname(one, (struct sockaddr *)&address, &length);
    say("send to", sendto(two, "datagram", 8, 0, (struct sockaddr *)&address, sizeof address));
    say("send another", sendto(two, "", 0, 0, (struct sockaddr *)&address, sizeof address));
    length = sizeof from;
    say("too short", recvfrom(one, text, 4, 0, (struct sockaddr *)&from, &length));
    say("empty", recvfrom(one, text, 4, 0, (struct sockaddr *)&from, &length));
    say("from loopback", from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, (char *)&milliseconds, sizeof milliseconds);
    say("timed out", recv(one, text, sizeof text, 0));
    say("connect", connect(two, (struct sockaddr *)&address, sizeof address));
    say("send", send(two, "x", 1, 0));
    say("receive", recv(one, text, sizeof text, 0));
    closesocket(one);
    closesocket(two);
}

static void overlapped(void)
{
    struct sockaddr_in address;
    SOCKET server = listening(&address), client = socket(AF_INET, SOCK_STREAM, 0);
    SOCKET end = socket(AF_INET, SOCK_STREAM, 0);
    HANDLE port = CreateIoCompletionPort((HANDLE)server, NULL, 1, 0);
    OVERLAPPED accepting = {0}, reading = {0}, *done = NULL;
    char addresses[2 * (sizeof(struct sockaddr_in) + 16)], text[16] = {0};
    WSABUF buffers[2] = {{3, text}, {10, text + 8}};
    DWORD bytes = 0, flags = 0;
    ULONG_PTR key = 0;
    CreateIoCompletionPort((HANDLE)end, port, 2, 0);
    BOOL accepted = AcceptEx(server, end, addresses, 0, sizeof addresses / 2,
                             sizeof addresses / 2, &bytes, &accepting);
    printf("accept: %d, %d\n", accepted, WSAGetLastError());
    say("connect", connect(client, (struct sockaddr *)&address, sizeof address));
    BOOL got = GetQueuedCompletionStatus(port, &bytes, &key, &done, 1000);
    printf("accepted: %d, key %d, %d\n", got, (int)key, done == &accepting);
    setsockopt(end, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&server, sizeof server);
    say("receive", WSARecv(end, buffers, 2, NULL, &flags, &reading, NULL));
    send(client, "abcdef", 6, 0);
    got = GetQueuedCompletionStatus(port, &bytes, &key, &done, 1000);
    printf("received: %d, key %d, %lu, %.3s %.3s\n", got, (int)key, bytes, text, text + 8);
    say("receive", WSARecv(end, buffers, 2, NULL, &flags, &reading, NULL));
    printf("cancel: %d\n", CancelIoEx((HANDLE)end, &reading));
    got = GetQueuedCompletionStatus(port, &bytes, &key, &done, 1000);
    printf("cancelled: %d, %lu\n", got, GetLastError());
    closesocket(server);
    closesocket(client);
    closesocket(end);
    CloseHandle(port);
}

static void events(void)
{
    SOCKET ends[2];
    char byte;
    WSANETWORKEVENTS happened;
    WSAEVENT event = WSACreateEvent();
    connected(ends);
    say("choose", WSAEventSelect(ends[1], event, FD_READ | FD_CLOSE));
    printf("nothing: %lx\n", WaitForSingleObject(event, 0));
    send(ends[0], "x", 1, 0);
    printf("something: %lx\n", WaitForSingleObject(event, 1000));
    WSAEnumNetworkEvents(ends[1], event, &happened);
    printf("what: %lx\n", happened.lNetworkEvents);
    say("receive", recv(ends[1], &byte, 1, 0));
    closesocket(ends[0]);
    printf("something: %lx\n", WaitForSingleObject(event, 1000));
    WSAEnumNetworkEvents(ends[1], event, &happened);
    printf("what: %lx, %d\n", happened.lNetworkEvents, happened.iErrorCode[FD_CLOSE_BIT]);
    closesocket(ends[1]);
    WSACloseEvent(event);
}

static void polls(void)
{
    SOCKET ends[2];
    connected(ends);
    WSAPOLLFD which[2] = {{ends[0], POLLOUT, 0}, {ends[1], POLLIN, 0}};
    say("poll", WSAPoll(which, 2, 1000));
    printf("%x %x\n", which[0].revents, which[1].revents);
    send(ends[0], "x", 1, 0);
    say("poll", WSAPoll(which, 2, 1000));
    printf("%x %x\n", which[0].revents, which[1].revents);
    which[0].events = POLLIN;
    say("poll", WSAPoll(which, 1, 10));
    closesocket(ends[0]);
    closesocket(ends[1]);
}

/* Everything until the other end has shut down. */
static void receive_all(SOCKET which)
{
    static char text[10000];
    int length = 0, more;
    while ((more = recv(which, text + length, sizeof text - length, 0)) > 0)
        length += more;
    printf("%d bytes, %.5s...%.*s\n", length, text, 8, text + (length > 8 ? length - 8 : 0));
}

static void sent(const char *what, BOOL done)
{
    DWORD error = done ? 0 : WSAGetLastError();
    printf("%s: %lu\n", what, error == WSA_IO_PENDING ? 0 : error);
}

static void file(void)
{
    SOCKET ends[2];
    char folder[MAX_PATH], path[MAX_PATH], line[] = "0123456789";
    TRANSMIT_FILE_BUFFERS around = {"head ", 5, " tail", 5};
    OVERLAPPED at = {.Offset = 8995, .hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD count;
    GetTempPathA(sizeof folder, folder);
    GetTempFileNameA(folder, "snd", 0, path);
    HANDLE data = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    for (int i = 0; i < 900; i++)
        WriteFile(data, line, 10, &count, NULL);
    SetFilePointer(data, 10, NULL, FILE_BEGIN);
    connected(ends);
    sent("part", TransmitFile(ends[0], data, 20, 0, NULL, &around, 0));
    sent("rest", TransmitFile(ends[0], data, 0, 0, &at, NULL, 0));
    say("result", WSAGetOverlappedResult(ends[0], &at, &count, TRUE, (DWORD[1]){0}));
    say("count", count);
    sent("last", TransmitFile(ends[0], NULL, 0, 0, NULL, &around, TF_DISCONNECT));
    receive_all(ends[1]);
    say("after", send(ends[0], "x", 1, 0));
    sent("no file", TransmitFile(ends[1], (HANDLE)0x12344, 0, 0, NULL, NULL, 0));
    closesocket(ends[0]);
    sent("gone", TransmitFile(ends[0], data, 0, 0, NULL, NULL, 0));
    closesocket(ends[1]);
    CloseHandle(data);
    CloseHandle(at.hEvent);
}

static void sixteen_bytes(void)
{
    SOCKET server = socket(AF_INET6, SOCK_STREAM, 0), client = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int length = sizeof address;
    say("bind", bind(server, (struct sockaddr *)&address, sizeof address));
    getsockname(server, (struct sockaddr *)&address, &length);
    say("listen", listen(server, 1));
    say("connect", connect(client, (struct sockaddr *)&address, sizeof address));
    SOCKET end = accept(server, (struct sockaddr *)&address, &length);
    say("from loopback", IN6_IS_ADDR_LOOPBACK(&address.sin6_addr));
    closesocket(end);
    closesocket(client);
    closesocket(server);
}

int main(void)
{
    WSADATA data;
    say("start", WSAStartup(MAKEWORD(2, 2), &data));
    streams();
    errors();
    datagrams();
    overlapped();
    events();
    polls();
    file();
    sixteen_bytes();
    say("end", WSACleanup());
    return 0;
}
