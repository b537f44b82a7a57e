//! Why a sign-in did not hold, told by what a person can do about it.

/// One variant for each way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignInCause {
    /// There is no Kerberos ticket, and nothing to get one with.
    NoTicket,
    TicketExpired,
    WrongPassword,
    UnknownUser,
    /// Locked, disabled, or its password has to be changed.
    AccountClosed,
    /// No Kerberos server answers, or none is known for the realm.
    NoKdc,
    ClockSkew,
    /// Kerberos knows no service of the server's name.
    WrongServerName,
    /// The system's Kerberos library is not installed.
    NoLibrary,
    /// The server offers only ways that the settings do not allow.
    NotOffered,
    /// The server does not take NTLM, or not from this account.
    NtlmRefused,
    /// Who signs in is known to be right, and the server refuses all the same.
    RefusedThough,
    /// The server did not prove who it is.
    Unproven,
    /// The token was refused, and where it comes from there was no newer one.
    Token,
    /// The token was refused, and it cannot become another one before the next start.
    FixedToken,
    /// Nothing was shown to the server.
    Nobody,
    /// Something else; the words say what.
    Other,
}

impl SignInCause {
    /// Whether it was the site that said no.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::WrongPassword
                | Self::NotOffered
                | Self::NtlmRefused
                | Self::RefusedThough
                | Self::Token
                | Self::FixedToken
                | Self::Nobody
        )
    }

    /// Whether trying again by itself may help and can do no harm: a directory counts refused passwords, and locks
    /// accounts over them.
    pub fn can_be_renewed(self) -> bool {
        matches!(
            self,
            Self::NoTicket | Self::TicketExpired | Self::NoKdc | Self::ClockSkew | Self::Token
        )
    }

    /// What a person can do, as part of a sentence.
    pub fn way_out(self) -> &'static str {
        match self {
            Self::NoTicket => {
                "get a ticket with `kinit`, or say in the site's settings who asks (user) and where the password is"
            }
            Self::TicketExpired => "run `kinit` again; nothing is lost, the next request goes on",
            Self::WrongPassword => {
                "start again with the right password; this one is not tried again, so that the account is not locked"
            }
            Self::UnknownUser => {
                "correct `user` of the site's settings: ada@CORP.EXAMPLE for Kerberos, 'CORP\\ada' for NTLM"
            }
            Self::AccountClosed => {
                "ask whoever keeps the accounts; it is not tried again, so that nothing gets worse"
            }
            Self::NoKdc => {
                "check network and VPN, and what krb5.conf says about the realm; then try again"
            }
            Self::ClockSkew => {
                "set this machine's clock: Kerberos allows five minutes between it and the server"
            }
            Self::WrongServerName => {
                "use the server's own full name in `url`, not an alias or an address; where reverse DNS gives another \
                 name, set rdns = false in krb5.conf"
            }
            Self::NoLibrary => {
                "install the Kerberos library (Debian: libgssapi-krb5-2), or say who asks and where the password is"
            }
            Self::NotOffered => "set `auth` of the site's settings to a way that the server offers",
            Self::NtlmRefused => {
                "use Kerberos (auth = \"kerberos\"): sites from version 2509 refuse NTLM"
            }
            Self::RefusedThough => {
                "ask the site's administrator what its log says, and whether anything on the way to the server opens TLS"
            }
            Self::Unproven => "ask the site's administrator; nothing more is sent to that server",
            Self::Token => {
                "put a fresh token where token_file or token_command of the site's settings gets it"
            }
            Self::FixedToken => {
                "start again with a fresh token in the variable that token_env of the site's settings names"
            }
            Self::Nobody => "say with `auth` of the site's settings how to sign in",
            Self::Other => "put right what these words name, or ask the site's administrator",
        }
    }
}
