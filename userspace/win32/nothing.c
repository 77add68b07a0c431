// What every program in C does.

int main(void)
{
    return 0;
}
