// Exceptions of C++: through frames of C and threads, nested, thrown again, kept.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>
#include <windows.h>

namespace {

struct Told {
    const char *name;
    explicit Told(const char *given) : name(given) { std::printf("made %s\n", name); }
    Told(const Told &) = delete;
    Told &operator=(const Told &) = delete;
    ~Told() { std::printf("gone %s, underway %d\n", name, std::uncaught_exceptions()); }
};

struct Base {
    virtual ~Base() = default;
    virtual const char *what() const { return "base"; }
};

struct Derived : Base {
    const char *what() const override { return "derived"; }
};

struct Both : std::runtime_error, Base {
    Both() : std::runtime_error("both") {}
    const char *what() const noexcept override { return "both of them"; }
};

void kinds()
{
    try {
        throw 7;
    } catch (double) {
        std::printf("not this\n");
    } catch (int value) {
        std::printf("int %d\n", value);
    }
    try {
        throw "text";
    } catch (const char *text) {
        std::printf("text %s\n", text);
    }
    try {
        throw Derived();
    } catch (const Base &thrown) {
        std::printf("by its base: %s\n", thrown.what());
    }
    try {
        throw Both();
    } catch (const std::exception &thrown) {
        std::printf("of two bases: %s\n", thrown.what());
    }
    try {
        static Derived it;
        throw &it;
    } catch (Base *thrown) {
        std::printf("a pointer: %s\n", thrown->what());
    }
    try {
        throw std::unique_ptr<int>(new int(9));
    } catch (std::unique_ptr<int> &thrown) {
        std::printf("what only moves: %d\n", *thrown);
    }
    try {
        throw std::string("anything");
    } catch (...) {
        std::printf("anything at all\n");
    }
}

void cleaning()
{
    Told outer("outer");
    try {
        Told first("first");
        try {
            Told second("second");
            throw std::logic_error("inner");
        } catch (const std::runtime_error &) {
            std::printf("not this\n");
        }
        std::printf("never\n");
    } catch (const std::logic_error &thrown) {
        std::printf("caught %s\n", thrown.what());
    }
    struct Parts {
        Told one{"one"};
        std::vector<int> some = std::vector<int>(3);
        Told other{"other"};
        Parts() { throw 1; }
    };
    try {
        Parts parts;
    } catch (int) {
        std::printf("never whole\n");
    }
    try {
        struct Third {
            Told told{"element"};
            explicit Third(bool fails) { if (fails) throw 2; }
        };
        std::unique_ptr<Third> all[] = {std::make_unique<Third>(false),
                                        std::make_unique<Third>(true)};
    } catch (int number) {
        std::printf("some of them: %d\n", number);
    }
}

void again()
{
    try {
        try {
            throw std::out_of_range("first");
        } catch (std::logic_error &thrown) {
            std::printf("passing on %s\n", typeid(thrown) == typeid(std::out_of_range)
                                               ? "what it was" : "less");
            throw;
        }
    } catch (const std::out_of_range &thrown) {
        std::printf("again: %s\n", thrown.what());
    }
    try {
        try {
            throw std::runtime_error("cause");
        } catch (...) {
            std::throw_with_nested(std::runtime_error("effect"));
        }
    } catch (const std::exception &thrown) {
        std::printf("%s", thrown.what());
        try {
            std::rethrow_if_nested(thrown);
        } catch (const std::exception &cause) {
            std::printf(" of %s\n", cause.what());
        }
    }
    struct Throws {
        ~Throws()
        {
            try {
                throw 5;
            } catch (int number) {
                std::printf("while unwinding: %d, underway %d\n", number,
                            std::uncaught_exceptions());
            }
        }
    };
    try {
        Throws it;
        throw 6;
    } catch (int number) {
        std::printf("then %d\n", number);
    }
}

int compares(const void *first, const void *second)
{
    int one = *static_cast<const int *>(first), other = *static_cast<const int *>(second);
    if (one == 3 || other == 3)
        throw std::invalid_argument("three");
    return one - other;
}

BOOL CALLBACK initialises(INIT_ONCE *, void *, void **)
{
    Told told("in a call of the system");
    throw std::runtime_error("from there");
}

void through_others()
{
    int numbers[] = {5, 4, 3, 2, 1};
    try {
        std::qsort(numbers, 5, sizeof numbers[0], compares);
    } catch (const std::invalid_argument &thrown) {
        std::printf("through qsort: %s\n", thrown.what());
    }
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    try {
        InitOnceExecuteOnce(&once, initialises, nullptr, nullptr);
    } catch (const std::runtime_error &thrown) {
        std::printf("through the system: %s\n", thrown.what());
    }
    std::function<int(int)> deep = [&](int left) {
        std::string text(100, 'x');
        return left == 0 ? throw left : deep(left - 1) + int(text.size());
    };
    try {
        deep(500);
    } catch (int left) {
        std::printf("from deep below: %d\n", left);
    }
}

std::exception_ptr kept;

DWORD WINAPI throws(void *)
{
    try {
        throw std::runtime_error("of another thread");
    } catch (...) {
        kept = std::current_exception();
    }
    for (int round = 0; round < 200; round++) {
        try {
            throw round;
        } catch (int number) {
            if (number != round)
                return 1;
        }
    }
    return 0;
}

void kept_ones()
{
    HANDLE threads[4];
    for (HANDLE &thread : threads)
        thread = CreateThread(nullptr, 0, [](void *) { return throws(nullptr); }, nullptr,
                              CREATE_SUSPENDED, nullptr);
    for (HANDLE thread : threads) {
        ResumeThread(thread);
        WaitForSingleObject(thread, INFINITE);
        DWORD code;
        GetExitCodeThread(thread, &code);
        std::printf("%lu", code);
        CloseHandle(thread);
    }
    for (int time = 0; time < 2; time++) {
        try {
            std::rethrow_exception(kept);
        } catch (const std::exception &thrown) {
            std::printf(" %s\n", thrown.what());
        }
    }
    std::exception_ptr made = std::make_exception_ptr(Derived());
    kept = nullptr;
    std::printf("none: %d, some: %d\n", kept == nullptr, made != nullptr);
}

void libraries()
{
    try {
        std::vector<int>(3).at(3) = 1;
    } catch (const std::out_of_range &) {
        std::printf("out of range\n");
    }
    try {
        volatile std::size_t most = PTRDIFF_MAX / 2;
        char *volatile all = new char[most];
        delete[] all;
        std::printf("never\n");
    } catch (const std::bad_alloc &) {
        std::printf("no memory\n");
    }
    try {
        Base base;
        dynamic_cast<Derived &>(base).what();
    } catch (const std::bad_cast &) {
        std::printf("no such cast\n");
    }
    try {
        std::function<void()>()();
    } catch (const std::bad_function_call &) {
        std::printf("no function\n");
    }
    try {
        std::printf("%d\n", std::stoi("x"));
    } catch (const std::invalid_argument &) {
        std::printf("no number\n");
    }
}

}

int main()
{
    kinds();
    cleaning();
    again();
    through_others();
    kept_ones();
    libraries();
    std::set_terminate([] {
        try {
            std::rethrow_exception(std::current_exception());
        } catch (int number) {
            std::printf("nobody catches %d\n", number);
        }
        std::fflush(stdout);
        std::_Exit(0);
    });
    Told never("what is never gone");
    throw 8;
}
