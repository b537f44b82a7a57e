//! `SMS_Program.ProgramFlags`: every bit.

use super::wire::flags;

flags! {
    /// How a program runs. The choices people make of these bits are in [`choices`](super::choices).
    pub struct ProgramFlags {
        /// A task sequence may install it without an advertisement of its own.
        AUTHORIZED_DYNAMIC_INSTALL = 0 => "allowed in task sequences",
        USECUSTOMPROGRESSMSG = 1 => "custom progress text",
        DEFAULT_PROGRAM = 4 => "default program",
        DISABLEMOMALERTONRUNNING = 5 => "no alerts while running",
        MOMALERTONFAIL = 6 => "alert on failure",
        RUN_DEPENDANT_ALWAYS = 7 => "always run the program it depends on",
        WINDOWS_CE = 8 => "device program",
        /// When set, the countdown is **not** shown.
        COUNTDOWN = 10 => "no countdown",
        FORCERERUN = 11 => "force re-run (unused)",
        DISABLED = 12 => "disabled",
        UNATTENDED = 13 => "needs no user input",
        USERCONTEXT = 14 => "only when a user is signed in",
        ADMINRIGHTS = 15 => "administrative rights",
        EVERYUSER = 16 => "once for each user",
        NOUSERLOGGEDIN = 17 => "only when no user is signed in",
        /// The program itself restarts the device.
        OKTOQUIT = 18 => "restarts the device by itself",
        /// The client restarts the device after success.
        OKTOREBOOT = 19 => "restart after success",
        USEUNCPATH = 20 => "UNC path",
        PERSISTCONNECTION = 21 => "keep the drive mapping",
        RUNMINIMIZED = 22 => "minimized",
        RUNMAXIMIZED = 23 => "maximized",
        HIDEWINDOW = 24 => "hidden",
        OKTOLOGOFF = 25 => "sign the user out after success",
        RUNACCOUNT = 26 => "run account (unused)",
        ANY_PLATFORM = 27 => "any platform",
        STILL_RUNNING = 28 => "still running (unused)",
        SUPPORT_UNINSTALL = 29 => "uninstall when the deployment expires",
        SHOW_IN_ARP = 31 => "show in installed programs (unused)",
    }
}

impl ProgramFlags {
    /// Installs silently with administrative rights whether or not a user is signed in, on any platform: `0x0810A000`.
    ///
    /// The class pages disagree about the default, so a create always sends the whole word, starting from this one.
    pub const SILENT: Self = Self::ANY_PLATFORM
        .union(Self::USEUNCPATH)
        .union(Self::ADMINRIGHTS)
        .union(Self::UNATTENDED);

    /// What the provider takes when a create sends no flags, by the page of the class itself: `0x00116000`.
    ///
    /// A program made so, without a list of platforms, fits no client.
    pub const CLASS_DEFAULT: Self = Self::EVERYUSER
        .union(Self::USEUNCPATH)
        .union(Self::USERCONTEXT)
        .union(Self::UNATTENDED);
}
