/* Codes of sockets with what no program means: wrong lengths, pointers and states. */
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <winternl.h>

enum { FIRST = 0x120320, CODES = 112, KINDS = 5, MOST = 80 };
static const ULONG native[] = {0x12003, 0x1200b, 0x12017, 0x12024, 0x1202f, 0x12087, 0x1208b};

/* A socket of some state that waits for nothing. */
static SOCKET made(int kind, SOCKET *other)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int length = sizeof address;
    u_long on = 1;
    SOCKET one = socket(AF_INET, kind == 1 ? SOCK_DGRAM : SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *other = INVALID_SOCKET;
    if (kind >= 2) {
        bind(one, (struct sockaddr *)&address, sizeof address);
        listen(one, 5);
    }
    if (kind >= 3) {
        SOCKET server = one;
        getsockname(server, (struct sockaddr *)&address, &length);
        *other = socket(AF_INET, SOCK_STREAM, 0);
        connect(*other, (struct sockaddr *)&address, sizeof address);
        one = accept(server, NULL, NULL);
        closesocket(server);
        send(*other, "some", 4, 0);
    }
    if (kind == 4) {
        closesocket(*other);
        *other = INVALID_SOCKET;
    }
    ioctlsocket(one, FIONBIO, &on);
    return one;
}

static unsigned long asked, answered;

static void ask(SOCKET which, ULONG code, void *input, ULONG length, void *output, ULONG room)
{
    IO_STATUS_BLOCK result;
    NTSTATUS status = NtDeviceIoControlFile((HANDLE)which, NULL, NULL, NULL, &result, code, input,
                                            length, output, room);
    asked++;
    answered += status >= 0;
    if (status == 0x103)
        CancelIoEx((HANDLE)which, NULL);
}

int main(void)
{
    WSADATA data;
    static char input[MOST], output[MOST];
    WSAStartup(MAKEWORD(2, 2), &data);
    for (int kind = 0; kind < KINDS; kind++) {
        for (int number = 0; number < CODES + 7; number++) {
            ULONG code = number < CODES ? (ULONG)(FIRST + 4 * number) : native[number - CODES];
            for (ULONG length = 0; length <= 56; length += 4) {
                for (int fill = 0; fill < 2; fill++) {
                    SOCKET other, which = made(kind, &other);
                    memset(input, fill ? 0xff : 0, sizeof input);
                    ask(which, code, input, length, output, MOST);
                    ask(which, code, input, length, output, length);
                    ask(which, code, (void *)1, length, output, MOST);
                    ask(which, code, input, length, (void *)0x7fffffff0000, 16);
                    ask(which, code, input, length, NULL, 0);
                    closesocket(which);
                    if (other != INVALID_SOCKET)
                        closesocket(other);
                }
            }
        }
    }
    SOCKET other, which = made(3, &other);
    char text[8];
    printf("asked: %d, refused: %d\n", asked > 50000, answered < asked);
    printf("works still: %d\n", recv(which, text, sizeof text, 0));
    closesocket(which);
    closesocket(other);
    WSACleanup();
    return 0;
}
