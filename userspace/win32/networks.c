/* The machine's network: its only interface, and what is wrong to ask of it. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <string.h>
#include <winternl.h>

static IP_ADAPTER_ADDRESSES adapters[64];

static void interfaces(ULONG family)
{
    ULONG length = sizeof adapters;
    ULONG status = GetAdaptersAddresses(family, GAA_FLAG_INCLUDE_PREFIX, NULL, adapters, &length);
    printf("family %lu: %lu\n", family, status);
    for (IP_ADAPTER_ADDRESSES *one = status ? NULL : adapters; one; one = one->Next) {
        printf("%ls, %ls, %lu %lu %d %lu\n", one->FriendlyName, one->Description, one->IfIndex,
               one->IfType, one->OperStatus, one->Mtu);
        for (IP_ADAPTER_UNICAST_ADDRESS *at = one->FirstUnicastAddress; at; at = at->Next) {
            char text[64];
            getnameinfo(at->Address.lpSockaddr, at->Address.iSockaddrLength, text, sizeof text,
                        NULL, 0, NI_NUMERICHOST);
            printf("  %s/%d %d\n", text, at->OnLinkPrefixLength, at->DadState);
        }
        printf("  %d %d\n", one->FirstDnsServerAddress != NULL, one->FirstGatewayAddress != NULL);
    }
}

static void numbers(void)
{
    NET_LUID luid = {0};
    NET_IFINDEX index = 0;
    DWORD best = 0;
    ULONG count = 0;
    MIB_IPFORWARDTABLE none;
    DWORD found = ConvertInterfaceIndexToLuid(1, &luid);
    printf("index %lu %llx\n", found, (unsigned long long)luid.Value);
    printf("luid %lu", ConvertInterfaceLuidToIndex(&luid, &index));
    printf(" %lu\n", index);
    printf("none %lu\n", ConvertInterfaceIndexToLuid(7, &luid));
    count = sizeof none;
    printf("routes %lu\n", GetIpForwardTable(&none, &count, FALSE));
    printf("best %lu\n", GetBestInterface(0x0100007F, &best));
}

/* What the device says to what nobody asks. */
static void asked(HANDLE device, unsigned code, unsigned module, unsigned table, unsigned length,
                  unsigned room)
{
    static unsigned char output[4096];
    struct {
        unsigned head[2], module, rest[5], table, parts[4], count, key[4];
    } input = {.module = module, .table = table};
    DWORD got = 0;
    input.parts[0] = 8;
    input.count = 1;
    if (code != 0x121000)
        input.rest[4] = table, input.table = 8, input.parts[0] = 0;
    BOOL done = DeviceIoControl(device, code, &input, length, output, room, &got, NULL);
    printf("%x %x %u %u %u: %lu, %lu\n", code, module, table, length, room,
           done ? 0 : GetLastError(), got);
}

int main(void)
{
    enum { NDIS = 0xeb004a11, IPV4 = 0xeb004a00, ALL = 0x121000, ROW = 0x121004, PART = 0x121008 };
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    interfaces(AF_UNSPEC);
    interfaces(AF_INET);
    numbers();
    HANDLE device = CreateFileA("\\\\.\\Nsi", 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    asked(device, ALL, NDIS, 0, 56, 12);
    asked(device, ALL, NDIS, 0, 55, 12);
    asked(device, ALL, NDIS, 0, 56, 11);
    asked(device, ALL, NDIS, 9, 56, 12);
    asked(device, ALL, 77, 0, 56, 12);
    asked(device, ALL, IPV4, 16, 56, 12);
    asked(device, ALL, IPV4, 10, 56, 12);
    asked(device, ROW, NDIS, 0, 56, 0);
    asked(device, ROW, NDIS, 0, 48, 0);
    asked(device, PART, NDIS, 0, 44, 4);
    asked(device, PART, NDIS, 0, 40, 4);
    asked(device, 0x12100c, NDIS, 0, 56, 4);
    CloseHandle(device);
    return 0;
}
