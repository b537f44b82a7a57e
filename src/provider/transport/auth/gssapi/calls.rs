//! The library as C sees it: its shapes, its calls, and what its statuses say.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use libloading::Library;

use super::GssError;

const LIBRARY: &str = "libgssapi_krb5.so.2";

pub(super) type Word = u32;
pub(super) type Handle = *mut c_void;

#[repr(C)]
pub(super) struct Buffer {
    pub(super) length: usize,
    pub(super) value: *mut c_void,
}

#[repr(C)]
pub(super) struct Oid {
    pub(super) length: Word,
    pub(super) elements: *const c_void,
}

#[repr(C)]
pub(super) struct OidSet {
    pub(super) count: usize,
    pub(super) elements: *const Oid,
}

/// `gss_channel_bindings_struct`: only the application data is used.
#[repr(C)]
pub(super) struct Bindings {
    pub(super) initiator_type: Word,
    pub(super) initiator: Buffer,
    pub(super) acceptor_type: Word,
    pub(super) acceptor: Buffer,
    pub(super) application: Buffer,
}

pub(super) const KRB5: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
pub(super) const SPNEGO: &[u8] = b"\x2b\x06\x01\x05\x05\x02";
pub(super) const USER_NAME: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01";
pub(super) const SERVICE_NAME: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04";

pub(super) const INITIATE: c_int = 1;
pub(super) const MUTUAL: Word = 2;
pub(super) const CONTINUE_NEEDED: Word = 1;
/// The parts of a major status that mean failure.
const ERRORS: Word = 0xffff_0000;
const EXPIRED: Word = 11 << 16;
const OF_GSS: c_int = 1;
const OF_MECHANISM: c_int = 2;

macro_rules! calls {
    ($($name:ident: fn($($argument:ty),*);)*) => {
        /// The calls of the library, and the library itself, which must outlive them.
        pub(super) struct Calls {
            $(pub(super) $name: unsafe extern "C" fn($($argument),*) -> Word,)*
            _library: Library,
        }

        impl Calls {
            fn load() -> Result<Self, libloading::Error> {
                // SAFETY: the library's initialisers are those of MIT Kerberos, which any program may load; the
                // signatures are those of gssapi.h and gssapi_ext.h, and the pointers die with `_library`.
                unsafe {
                    let library = Library::new(LIBRARY)?;
                    Ok(Self {
                        $($name: *library.get(concat!("gss_", stringify!($name), "\0").as_bytes())?,)*
                        _library: library,
                    })
                }
            }
        }
    };
}

calls! {
    import_name: fn(*mut Word, *const Buffer, *const Oid, *mut Handle);
    display_name: fn(*mut Word, Handle, *mut Buffer, *mut *const Oid);
    release_name: fn(*mut Word, *mut Handle);
    acquire_cred: fn(*mut Word, Handle, Word, *const OidSet, c_int, *mut Handle, *mut *mut OidSet, *mut Word);
    acquire_cred_with_password: fn(*mut Word, Handle, *const Buffer, Word, *const OidSet, c_int, *mut Handle, *mut *mut OidSet, *mut Word);
    set_neg_mechs: fn(*mut Word, Handle, *const OidSet);
    release_cred: fn(*mut Word, *mut Handle);
    init_sec_context: fn(*mut Word, Handle, *mut Handle, Handle, *const Oid, Word, Word, *const Bindings, *const Buffer, *mut *const Oid, *mut Buffer, *mut Word, *mut Word);
    inquire_context: fn(*mut Word, Handle, *mut Handle, *mut Handle, *mut Word, *mut *const Oid, *mut Word, *mut c_int, *mut c_int);
    delete_sec_context: fn(*mut Word, *mut Handle, *mut Buffer);
    display_status: fn(*mut Word, Word, c_int, *const Oid, *mut Word, *mut Buffer);
    release_buffer: fn(*mut Word, *mut Buffer);
}

pub(super) fn calls() -> Result<&'static Calls, GssError> {
    static CALLS: OnceLock<Result<Calls, String>> = OnceLock::new();
    let loaded = CALLS.get_or_init(|| Calls::load().map_err(|error| error.to_string()));
    loaded
        .as_ref()
        .map_err(|reason| GssError::Absent(reason.clone()))
}

pub(super) fn oid(words: &'static [u8]) -> Oid {
    Oid {
        length: Word::try_from(words.len()).unwrap_or_default(),
        elements: words.as_ptr().cast(),
    }
}

/// A buffer that lends bytes to a call.
pub(super) fn lent(bytes: &[u8]) -> Buffer {
    Buffer {
        length: bytes.len(),
        value: bytes.as_ptr().cast_mut().cast(),
    }
}

pub(super) const NOTHING: Buffer = Buffer {
    length: 0,
    value: ptr::null_mut(),
};

impl Calls {
    /// What a call's two statuses mean.
    pub(super) fn check(&self, major: Word, minor: Word) -> Result<(), GssError> {
        if major & ERRORS == 0 {
            return Ok(());
        }
        if major & ERRORS == EXPIRED {
            return Err(GssError::Expired);
        }
        // The mechanism's words are the precise ones; those of GSS itself only say that it failed.
        let words = Some(self.words(minor, OF_MECHANISM)).filter(|words| !words.is_empty());
        Err(GssError::Failed(
            words.unwrap_or_else(|| self.words(major, OF_GSS)),
        ))
    }

    fn words(&self, status: Word, of: c_int) -> String {
        let (mut minor, mut more, mut text) = (0, 0, NOTHING);
        // SAFETY: every pointer is to a local that lives through the call; no mechanism is named.
        let major = unsafe {
            (self.display_status)(
                &raw mut minor,
                status,
                of,
                ptr::null(),
                &raw mut more,
                &raw mut text,
            )
        };
        let words = self.taken(text);
        if major & ERRORS == 0 {
            String::from_utf8_lossy(&words).into_owned()
        } else {
            format!("status {status}")
        }
    }

    /// The bytes of a buffer the library filled, which is given back.
    pub(super) fn taken(&self, mut buffer: Buffer) -> Vec<u8> {
        if buffer.value.is_null() {
            return Vec::new();
        }
        let mut minor = 0;
        // SAFETY: the library filled the buffer with so many bytes, and it is released once, after they are copied.
        unsafe {
            let bytes =
                std::slice::from_raw_parts(buffer.value.cast::<u8>(), buffer.length).to_vec();
            (self.release_buffer)(&raw mut minor, &raw mut buffer);
            bytes
        }
    }
}
