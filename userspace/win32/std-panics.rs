//! Panics of Rust: unwinding through frames and threads, hooks, poison.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;

static HOOKED: AtomicUsize = AtomicUsize::new(0);

fn main() {
    panic::set_hook(Box::new(|info| {
        HOOKED.fetch_add(1, Ordering::SeqCst);
        let line = info.location().map_or(0, Location::line);
        println!("hook: {} at a line: {}", said(info.payload()), line != 0);
    }));
    kinds();
    order_of_drops();
    across_threads();
    poison();
    depth();
    let hook = panic::take_hook();
    println!("hooked {} times", HOOKED.load(Ordering::SeqCst));
    drop(hook);
    panic::set_hook(Box::new(|_| ()));
    println!("silent: {}", catch_unwind(|| panic!("not shown")).is_err());
    println!(
        "trace: {}",
        Backtrace::force_capture().status() == BacktraceStatus::Captured
    );
}

fn said(payload: &(dyn Any + Send)) -> String {
    match (
        payload.downcast_ref::<&str>(),
        payload.downcast_ref::<String>(),
    ) {
        (Some(text), _) => (*text).into(),
        (_, Some(text)) => text.clone(),
        _ => "something else".into(),
    }
}

fn caught<T>(what: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(_) => "no panic".into(),
        Err(payload) => said(&*payload),
    }
}

fn kinds() {
    println!("{}", caught(|| 1));
    println!("{}", caught(|| panic!("a text")));
    println!("{}", caught(|| panic!("a {}", "format")));
    println!("{}", caught(|| panic::panic_any(7)));
    println!("{}", caught(|| [1, 2, 3][std::hint::black_box(5)]));
    println!("{}", caught(|| 1 / std::hint::black_box(0)));
    println!("{}", caught(|| None::<u8>.unwrap()));
    println!("{}", caught(|| Err::<u8, _>("bad").expect("expected")));
    println!(
        "{}",
        caught(|| std::cell::RefCell::new(1).try_borrow_mut().is_ok())
    );
    println!("{}", caught(|| "x".parse::<u8>().unwrap()));
    println!("{}", caught(|| resume_unwind(Box::new("without the hook"))));
}

struct Told(&'static str);

impl Drop for Told {
    fn drop(&mut self) {
        println!("drop {}, panicking: {}", self.0, thread::panicking());
    }
}

fn order_of_drops() {
    let _outer = Told("outer");
    let nested = caught(|| {
        let _first = Told("first");
        let _inner = caught(|| {
            let _second = Told("second");
            panic!("inner");
        });
        let _third = Told("third");
        panic!("outer");
    });
    println!("nested: {nested}");
    struct Catches;
    impl Drop for Catches {
        fn drop(&mut self) {
            println!("while unwinding: {}", caught(|| panic!("second panic")));
        }
    }
    println!(
        "{}",
        caught(|| {
            let _it = Catches;
            panic!("first panic")
        })
    );
}

fn across_threads() {
    let handle = thread::spawn(|| -> u8 { panic!("in a thread") });
    println!("joined: {}", said(&*handle.join().unwrap_err()));
    let scope = caught(|| {
        thread::scope(|scope| {
            scope.spawn(|| panic!("in a scope"));
        });
    });
    println!("scope: {scope}");
    let payload = thread::spawn(|| panic::panic_any(vec![1, 2]))
        .join()
        .unwrap_err();
    println!("payload: {:?}", payload.downcast_ref::<Vec<i32>>());
}

fn poison() {
    let mutex = Arc::new(Mutex::new(1));
    let lock = Arc::new(RwLock::new(2));
    let (in_mutex, in_lock) = (mutex.clone(), lock.clone());
    let _ = thread::spawn(move || {
        let mut held = in_mutex.lock().unwrap();
        *held = 10;
        let _read = in_lock.read().unwrap();
        panic!("holding both");
    })
    .join();
    println!("poisoned: {} {}", mutex.is_poisoned(), lock.is_poisoned());
    println!(
        "value: {}",
        mutex
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    );
    mutex.clear_poison();
    println!("cleared: {}", mutex.lock().is_ok());
}

fn depth() {
    fn down(left: u32, dropped: &AtomicUsize) -> u32 {
        struct Counts<'a>(&'a AtomicUsize);
        impl Drop for Counts<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let _counts = Counts(dropped);
        match left {
            0 => panic!("at the bottom"),
            _ => down(left - 1, dropped) + 1,
        }
    }
    let dropped = AtomicUsize::new(0);
    println!("deep: {}", caught(|| down(1000, &dropped)));
    println!("dropped {}", dropped.into_inner());
}
