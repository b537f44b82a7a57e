//! Kerberos of this machine: the system's GSSAPI, loaded when it is first wanted.
//!
//! Loaded and not linked, so that consign runs where no Kerberos is installed, and builds without its headers. Every
//! kind of ticket cache the system has works. The calls block: they belong on a thread that may.
//!
//! The only module with `unsafe`. What it hands out owns its handles, gives them back once, and never shares one
//! between two calls at a time.

#![expect(
    unsafe_code,
    reason = "the system's GSSAPI is a C library; nothing outside this module sees a pointer of it"
)]

mod calls;

use std::ptr;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::binding::Binding;
use calls::{
    Bindings, CONTINUE_NEEDED, Calls, Handle, INITIATE, KRB5, MUTUAL, NOTHING, OidSet,
    SERVICE_NAME, SPNEGO, USER_NAME, Word, calls, lent, oid,
};

/// Why GSSAPI did not do it, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GssError {
    /// The library is not on this machine.
    Absent(String),
    /// The ticket that is there has expired.
    Expired,
    Failed(String),
}

/// Whether this machine has the library.
pub(super) fn is_there() -> bool {
    calls().is_ok()
}

/// A name as the library holds it.
struct Name(Handle, &'static Calls);

// SAFETY: MIT's names are plain memory, used by one thread at a time because every use borrows or owns this value.
unsafe impl Send for Name {}

impl Name {
    fn new(name: &str, kind: &'static [u8]) -> Result<Self, GssError> {
        let calls = calls()?;
        let (mut minor, mut handle) = (0, ptr::null_mut());
        let (text, kind) = (lent(name.as_bytes()), oid(kind));
        // SAFETY: the library copies the text; every pointer is to a local that lives through the call.
        let major = unsafe {
            (calls.import_name)(
                &raw mut minor,
                &raw const text,
                &raw const kind,
                &raw mut handle,
            )
        };
        calls.check(major, minor)?;
        Ok(Self(handle, calls))
    }

    fn text(&self) -> Option<String> {
        let (mut minor, mut text) = (0, NOTHING);
        // SAFETY: the handle is this value's own; the other pointers are to locals or null, which is allowed.
        let major = unsafe {
            (self.1.display_name)(&raw mut minor, self.0, &raw mut text, ptr::null_mut())
        };
        let text = self.1.taken(text);
        self.1.check(major, minor).ok()?;
        String::from_utf8(text).ok()
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: the handle is this value's own and is not used again.
        unsafe { (self.1.release_name)(&raw mut minor, &raw mut self.0) };
    }
}

/// Something to sign in with: Kerberos and nothing else, whatever other mechanisms the library knows.
pub(super) struct Credential {
    handle: Handle,
    calls: &'static Calls,
    /// For how many seconds it holds, from when it was acquired.
    pub seconds: u32,
}

// SAFETY: MIT locks a credential in every call that uses it, so several threads may sign in with one.
unsafe impl Send for Credential {}
// SAFETY: as above.
unsafe impl Sync for Credential {}

impl Credential {
    /// The ticket there is, of this user where one is named.
    pub fn of_ticket(user: Option<&str>) -> Result<Self, GssError> {
        let name = user.map(|user| Name::new(user, USER_NAME)).transpose()?;
        // Asked for Kerberos first: what SPNEGO says when there is no ticket tells nothing.
        let seconds = Self::acquire(name.as_ref(), None, KRB5)?.seconds;
        if seconds == 0 {
            return Err(GssError::Expired);
        }
        Self::acquire(name.as_ref(), None, SPNEGO)?.only_kerberos(seconds)
    }

    /// A ticket for this user's password, kept in memory alone. A wrong password shows here.
    pub fn of_password(user: &str, password: &SecretString) -> Result<Self, GssError> {
        let name = Name::new(user, USER_NAME)?;
        let seconds = Self::acquire(Some(&name), Some(password), KRB5)?.seconds;
        Self::acquire(Some(&name), Some(password), SPNEGO)?.only_kerberos(seconds)
    }

    fn acquire(
        name: Option<&Name>,
        password: Option<&SecretString>,
        mechanism: &'static [u8],
    ) -> Result<Self, GssError> {
        let calls = calls()?;
        let (mut minor, mut handle, mut seconds) = (0, ptr::null_mut(), 0);
        let name = name.map_or(ptr::null_mut(), |name| name.0);
        let mechanism = oid(mechanism);
        let set = OidSet {
            count: 1,
            elements: &raw const mechanism,
        };
        // SAFETY: every pointer is to a local that lives through the call, or null where that is allowed; the library
        // copies the password into the credential and wipes it there.
        let major = unsafe {
            match password {
                None => (calls.acquire_cred)(
                    &raw mut minor,
                    name,
                    0,
                    &raw const set,
                    INITIATE,
                    &raw mut handle,
                    ptr::null_mut(),
                    &raw mut seconds,
                ),
                Some(password) => {
                    let password = lent(password.expose_secret().as_bytes());
                    (calls.acquire_cred_with_password)(
                        &raw mut minor,
                        name,
                        &raw const password,
                        0,
                        &raw const set,
                        INITIATE,
                        &raw mut handle,
                        ptr::null_mut(),
                        &raw mut seconds,
                    )
                }
            }
        };
        calls.check(major, minor)?;
        Ok(Self {
            handle,
            calls,
            seconds,
        })
    }

    /// Without this SPNEGO would offer NTLM too where the library has it, and a wrong password would become an NTLM one.
    fn only_kerberos(mut self, seconds: u32) -> Result<Self, GssError> {
        self.seconds = seconds;
        let mut minor = 0;
        let kerberos = oid(KRB5);
        let set = OidSet {
            count: 1,
            elements: &raw const kerberos,
        };
        // SAFETY: the library copies the set; the handle is this value's own.
        let major =
            unsafe { (self.calls.set_neg_mechs)(&raw mut minor, self.handle, &raw const set) };
        self.calls.check(major, minor)?;
        Ok(self)
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: the handle is this value's own and is not used again.
        unsafe { (self.calls.release_cred)(&raw mut minor, &raw mut self.handle) };
    }
}

/// One sign-in to one server on one connection.
pub(super) struct Context {
    handle: Handle,
    calls: &'static Calls,
    credential: Arc<Credential>,
    server: Name,
    binding: Option<Binding>,
    flags: Word,
}

// SAFETY: a context is used by one thread at a time because every step takes it mutably; MIT ties it to no thread.
unsafe impl Send for Context {}

/// What a step gave.
pub(in crate::provider::transport) struct Step {
    /// For the server; may be empty at the end.
    pub token: Vec<u8>,
    /// Nothing more is awaited from the server.
    pub is_done: bool,
}

impl Context {
    /// A sign-in to the service `HTTP/host`.
    pub fn new(
        credential: Arc<Credential>,
        host: &str,
        binding: Option<Binding>,
    ) -> Result<Self, GssError> {
        Ok(Self {
            handle: ptr::null_mut(),
            calls: calls()?,
            credential,
            server: Name::new(&format!("HTTP@{host}"), SERVICE_NAME)?,
            binding,
            flags: 0,
        })
    }

    /// The next token, made from what the server said to the last one.
    pub fn step(&mut self, from_server: &[u8]) -> Result<Step, GssError> {
        let (mut minor, mut token) = (0, NOTHING);
        let (spnego, input) = (oid(SPNEGO), lent(from_server));
        let bindings = self.binding.as_ref().map(|binding| Bindings {
            initiator_type: 0,
            initiator: NOTHING,
            acceptor_type: 0,
            acceptor: NOTHING,
            application: lent(binding.application_data()),
        });
        let bindings = bindings.as_ref().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: handles are this value's own, every pointer is to a local or a field that lives through the call, and
        // null stands where that is allowed.
        let major = unsafe {
            (self.calls.init_sec_context)(
                &raw mut minor,
                self.credential.handle,
                &raw mut self.handle,
                self.server.0,
                &raw const spnego,
                MUTUAL,
                0,
                bindings,
                &raw const input,
                ptr::null_mut(),
                &raw mut token,
                &raw mut self.flags,
                ptr::null_mut(),
            )
        };
        let token = self.calls.taken(token);
        self.calls.check(major, minor)?;
        Ok(Step {
            token,
            is_done: major & CONTINUE_NEEDED == 0,
        })
    }

    /// Whether the server has proved who it is. Holds once a step is done.
    pub fn is_mutual(&self) -> bool {
        self.flags & MUTUAL != 0
    }

    /// As whom one signed in, `user@REALM`.
    pub fn user(&self) -> Option<String> {
        let (mut minor, mut user) = (0, ptr::null_mut());
        let nothing = ptr::null_mut();
        // SAFETY: the handle is this value's own; what is not wanted is null, which is allowed.
        let major = unsafe {
            (self.calls.inquire_context)(
                &raw mut minor,
                self.handle,
                &raw mut user,
                nothing,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        self.calls.check(major, minor).ok()?;
        Name(user, self.calls).text()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: the handle is this value's own or null, and is not used again.
        unsafe {
            (self.calls.delete_sec_context)(&raw mut minor, &raw mut self.handle, ptr::null_mut())
        };
    }
}
