//! A library without libc that the dynamic linker puts into each program of a run (`LD_PRELOAD`, ld.so(8)), built by `build.rs`.
//!
//! It does one thing, before `main`: a shell that was given a command with `-c` and that nobody noted yet becomes `agenttrace __shell` with the same arguments.
//! So shells are seen that are started by their full path and read no file at their start, such as dash as `/bin/sh`. In all other programs, and wherever
//! anything is not as expected, it returns at once. Programs with privileges (setuid) and static ones do not load it.
//!
//! glibc hands arguments to such a function, musl does not: they are read from `/proc/self`, proc(5).

#![no_std]
// Nothing of libc, also not the functions that a compiler puts in by itself: a program may have none.
#![no_builtins]

use core::ffi::CStr;
use core::ptr::null;

#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = before_main;

extern "C" fn before_main() {
    let _ = hand_over();
}

const SHELLS: [&[u8]; 8] = [b"dash", b"bash", b"zsh", b"sh", b"ksh", b"ksh93", b"mksh", b"busybox"];

/// Room for the kernel's limit of arguments and environment, and their pointers; touched only as far as used.
const ROOM: usize = 32 << 20;

fn hand_over() -> Option<()> {
    let mut path = core::mem::MaybeUninit::<[u8; 4096]>::uninit();
    let length = call(nr::READLINKAT, [AT_FDCWD, c"/proc/self/exe".as_ptr() as usize, path.as_mut_ptr() as usize, size_of_val(&path)])?;
    // SAFETY: the kernel wrote `length` bytes there.
    let program = base(unsafe { core::slice::from_raw_parts(path.as_ptr().cast(), length) });
    if !SHELLS.iter().any(|shell| same(shell, program)) {
        return None;
    }

    let read_write_private_anonymous_noreserve = [0, ROOM, 3, 0x4022, usize::MAX, 0];
    let room = call(nr::MMAP, read_write_private_anonymous_noreserve)? as *mut u8;
    let told = (|| {
        let arguments = read(c"/proc/self/cmdline", room, 8 << 20)?;
        let environment = read(c"/proc/self/environ", room.wrapping_add(8 << 20), 8 << 20)?;
        let mut auxiliary = core::mem::MaybeUninit::<[u8; 1024]>::uninit();
        let auxiliary = read(c"/proc/self/auxv", auxiliary.as_mut_ptr().cast(), size_of_val(&auxiliary))?;
        if !wanted(program, arguments, environment) {
            return None;
        }
        let binary = variable(environment, b"AGENTTRACE_BIN=")?;
        let there = |path: *const u8, mode: usize| call(nr::FACCESSAT, [AT_FDCWD, path as usize, mode]).is_some();
        if !there(binary.as_ptr(), 1) || !there(variable(environment, b"AGENTTRACE_RUN=")?.as_ptr(), 0) {
            return None;
        }
        let mut pointers = Pointers { at: room.wrapping_add(16 << 20).cast(), left: (16 << 20) / size_of::<*const u8>() };
        let argv = pointers.at;
        pointers.push(binary.as_ptr())?;
        pointers.push(c"__shell".as_ptr().cast())?;
        pointers.push(started_as(auxiliary)?)?;
        texts(arguments).skip(1).try_for_each(|text| pointers.push(text.as_ptr()))?;
        pointers.push(null())?;
        let envp = pointers.at;
        texts(environment).try_for_each(|text| pointers.push(text.as_ptr()))?;
        pointers.push(null())?;
        // Returns only if it fails.
        call(nr::EXECVE, [binary.as_ptr() as usize, argv as usize, envp as usize])
    })();
    call(nr::MUNMAP, [room as usize, ROOM])?;
    told.map(|_| ())
}

/// Is it a `-c` of a shell that does not run under `agenttrace __shell` already?
fn wanted(program: &[u8], arguments: &[u8], environment: &[u8]) -> bool {
    let name = texts(arguments).next().map_or(&b""[..], |text| base(text.split_last().map_or(text, |(_, text)| text)));
    // A login shell's `-c` would lose that it is one.
    if name.first() == Some(&b'-') || (same(program, b"busybox") && !same(name, b"sh") && !same(name, b"ash")) {
        return false;
    }
    if let Some(noted_by) = variable(environment, b"AGENTTRACE_SHELL_PID=")
        && number(noted_by) == call(nr::GETPPID, [])
    {
        return false;
    }
    let mut options = texts(arguments).skip(1);
    while let Some(option) = options.next() {
        let letters = option.split_last().map_or(option, |(_, text)| text);
        if same(letters, b"--") || same(letters, b"-") || !matches!(letters.first(), Some(b'-' | b'+')) {
            return false;
        }
        if letters.first() == Some(&b'-') && letters.get(1) != Some(&b'-') && letters.iter().any(|letter| *letter == b'c') {
            return true;
        }
        // `-o pipefail`
        if letters.get(1) != Some(&b'-') && matches!(letters.last(), Some(b'o' | b'O')) {
            options.next();
        }
    }
    false
}

fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.map(|digit| usize::from(digit & 15)).reduce(|number, digit| number.wrapping_mul(10).wrapping_add(digit))
}

/// Equality, without libc's `memcmp`.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// Each text of a list of them, with the zero at its end.
fn texts(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split_inclusive(|byte| *byte == 0)
}

/// A variable's value with the zero at its end; `None` also when it is empty.
fn variable<'a>(environment: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    texts(environment)
        .find_map(|text| text.split_at_checked(name.len()).filter(|(start, _)| same(start, name)))
        .map(|(_, value)| value)
        .filter(|value| value.len() > 1)
}

/// The path by which this program was started (`AT_EXECFN`, getauxval(3)).
fn started_as(auxiliary: &[u8]) -> Option<*const u8> {
    const AT_EXECFN: usize = 31;
    let (pairs, _) = auxiliary.as_chunks::<{ 2 * size_of::<usize>() }>();
    let words = |pair: &[u8; 2 * size_of::<usize>()]| {
        let (words, _) = pair.as_chunks::<{ size_of::<usize>() }>();
        Some((usize::from_ne_bytes(*words.first()?), usize::from_ne_bytes(*words.last()?)))
    };
    let (_, path) = pairs.iter().filter_map(words).find(|(kind, _)| *kind == AT_EXECFN)?;
    let mut byte = path as *const u8;
    loop {
        // SAFETY: the kernel's own pointer to a text on this process's stack, not read past its end.
        match unsafe { *byte } {
            0 => return None,
            b'/' => return Some(path as *const u8),
            _ => byte = byte.wrapping_add(1),
        }
    }
}

/// A file's contents if they are shorter than `room` bytes and end with a zero, or are empty.
fn read<'a>(path: &CStr, to: *mut u8, room: usize) -> Option<&'a [u8]> {
    const CLOSE_ON_EXEC: usize = 0x80000;
    let file = call(nr::OPENAT, [AT_FDCWD, path.as_ptr() as usize, CLOSE_ON_EXEC, 0])?;
    let mut length = 0;
    let whole = loop {
        match call(nr::READ, [file, to.wrapping_add(length) as usize, room - length]) {
            Some(0) => break length < room,
            Some(more) => length += more,
            None => break false,
        }
    };
    call(nr::CLOSE, [file])?;
    // SAFETY: the kernel wrote `length` bytes there, and nobody writes there again.
    whole.then(|| unsafe { core::slice::from_raw_parts(to, length) })
}

/// An array of pointers that grows.
struct Pointers {
    at: *mut *const u8,
    left: usize,
}

impl Pointers {
    fn push(&mut self, pointer: *const u8) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        // SAFETY: `left` more of them lie in the room that was mapped.
        unsafe { self.at.write(pointer) };
        self.at = self.at.wrapping_add(1);
        Some(())
    }
}

const AT_FDCWD: usize = -100_isize as usize;

/// A system call; `None` when it fails.
fn call<const N: usize>(number: usize, arguments: [usize; N]) -> Option<usize> {
    let [a, b, c, d, e, f] = core::array::from_fn(|place| arguments.get(place).copied().unwrap_or(0));
    let result: isize;
    // SAFETY: the callers give pointers to memory of theirs that is as long as they say, and zeros at the ends of texts.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        core::arch::asm!("svc 0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c, in("x3") d, in("x4") e, in("x5") f, options(nostack));
    }
    usize::try_from(result).ok()
}

/// Numbers of the system calls, from the kernel's tables.
#[cfg(target_arch = "x86_64")]
mod nr {
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const MMAP: usize = 9;
    pub const MUNMAP: usize = 11;
    pub const EXECVE: usize = 59;
    pub const GETPPID: usize = 110;
    pub const OPENAT: usize = 257;
    pub const READLINKAT: usize = 267;
    pub const FACCESSAT: usize = 269;
}

#[cfg(target_arch = "aarch64")]
mod nr {
    pub const FACCESSAT: usize = 48;
    pub const OPENAT: usize = 56;
    pub const CLOSE: usize = 57;
    pub const READ: usize = 63;
    pub const READLINKAT: usize = 78;
    pub const GETPPID: usize = 173;
    pub const MUNMAP: usize = 215;
    pub const EXECVE: usize = 221;
    pub const MMAP: usize = 222;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
