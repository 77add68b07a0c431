// The streams of C++: what they make of values, strings as streams, files, and bad input.
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

void numbers()
{
    std::cout << 42 << ' ' << -7L << ' ' << 18446744073709551615ull << ' ' << 'c' << ' ' << true
              << ' ' << std::boolalpha << false << std::noboolalpha << '\n';
    std::cout << std::hex << std::showbase << 255 << ' ' << std::uppercase << 48879 << ' '
              << std::oct << 8 << std::dec << std::noshowbase << std::nouppercase << '\n';
    std::cout << std::setw(8) << std::setfill('*') << 42 << std::left << std::setw(8) << 43
              << std::internal << std::setw(8) << -44 << std::setfill(' ') << std::right << '\n';
    std::cout << 3.14159265358979 << ' ' << std::fixed << std::setprecision(2) << 2.005 << ' '
              << std::scientific << 12345.678 << ' ' << std::defaultfloat << std::setprecision(17)
              << 0.1 << std::setprecision(6) << '\n';
    std::cout << std::numeric_limits<double>::infinity() << ' ' << 1.5L << ' '
              << std::hexfloat << 1.5 << std::defaultfloat << '\n';
}

void strings()
{
    std::istringstream in("12 0x1f word \"a quoted one\" 2.5 x");
    int whole, hex;
    std::string word, quoted;
    double fraction;
    in >> whole >> std::hex >> hex >> word >> std::quoted(quoted) >> std::dec >> fraction;
    std::cout << whole << ' ' << hex << ' ' << word << " [" << quoted << "] " << fraction << '\n';
    in >> whole;
    std::cout << "failed " << in.fail() << ", value " << whole << ", end " << in.eof() << '\n';
    std::wostringstream wide;
    wide << L"wide \u20ac " << 12 << L' ' << 0.5;
    for (wchar_t unit : wide.str())
        std::cout << std::hex << unsigned(unit) << ' ';
    std::cout << std::dec << '\n';
    std::cout << std::quoted("say \"hi\" \\ there") << ' ' << std::stoi("-12") << ' '
              << std::to_string(2.5) << '\n';
}

void files()
{
    const char *name = "streams.tmp";
    {
        std::ofstream file(name, std::ios::binary);
        for (int line = 1; line <= 1000; line++)
            file << "line " << line << '\n';
    }
    std::ifstream file(name, std::ios::binary);
    std::map<std::size_t, int> lengths;
    for (std::string line; std::getline(file, line);)
        lengths[line.size()]++;
    for (auto [length, count] : lengths)
        std::cout << count << " lines of " << length << '\n';
    file.clear();
    file.seekg(0, std::ios::end);
    std::cout << "length " << file.tellg();
    file.seekg(-5, std::ios::cur);
    std::string last;
    file >> last;
    std::cout << ", last " << last << '\n';
    file.close();
    std::cout << "none opens: " << std::ifstream("no such file").is_open() << ", removed "
              << (std::remove(name) == 0) << '\n';
}

void refusals()
{
    std::istringstream in("x");
    in.exceptions(std::ios::failbit);
    try {
        int value;
        in >> value;
    } catch (const std::ios_base::failure &) {
        std::cout << "a failure is thrown" << std::endl;
    }
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    out << "nothing";
    std::cout << "bad " << out.bad() << " [" << out.str() << "]" << std::endl;
}

}

int main()
{
    numbers();
    strings();
    files();
    refusals();
    std::wcout << L"wide output, " << 7 << std::endl;
    return 0;
}
