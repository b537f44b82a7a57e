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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The bits of the console's documentation, by number.
    const TABLE: [(u32, ProgramFlags); 26] = [
        (0, ProgramFlags::AUTHORIZED_DYNAMIC_INSTALL),
        (1, ProgramFlags::USECUSTOMPROGRESSMSG),
        (4, ProgramFlags::DEFAULT_PROGRAM),
        (5, ProgramFlags::DISABLEMOMALERTONRUNNING),
        (6, ProgramFlags::MOMALERTONFAIL),
        (7, ProgramFlags::RUN_DEPENDANT_ALWAYS),
        (8, ProgramFlags::WINDOWS_CE),
        (10, ProgramFlags::COUNTDOWN),
        (12, ProgramFlags::DISABLED),
        (13, ProgramFlags::UNATTENDED),
        (14, ProgramFlags::USERCONTEXT),
        (15, ProgramFlags::ADMINRIGHTS),
        (16, ProgramFlags::EVERYUSER),
        (17, ProgramFlags::NOUSERLOGGEDIN),
        (18, ProgramFlags::OKTOQUIT),
        (19, ProgramFlags::OKTOREBOOT),
        (20, ProgramFlags::USEUNCPATH),
        (21, ProgramFlags::PERSISTCONNECTION),
        (22, ProgramFlags::RUNMINIMIZED),
        (23, ProgramFlags::RUNMAXIMIZED),
        (24, ProgramFlags::HIDEWINDOW),
        (25, ProgramFlags::OKTOLOGOFF),
        (26, ProgramFlags::RUNACCOUNT),
        (27, ProgramFlags::ANY_PLATFORM),
        (29, ProgramFlags::SUPPORT_UNINSTALL),
        (31, ProgramFlags::SHOW_IN_ARP),
    ];

    #[test]
    fn the_bits_are_those_of_the_table() {
        for (bit, flag) in TABLE {
            assert_eq!(flag.bits(), 1 << bit);
        }
    }

    #[test]
    fn the_worked_examples_come_out() {
        assert_eq!(ProgramFlags::SILENT.bits(), 0x0810_A000);
        assert_eq!(
            (ProgramFlags::SILENT | ProgramFlags::HIDEWINDOW).bits(),
            0x0910_A000
        );
        let user =
            ProgramFlags::USERCONTEXT | ProgramFlags::USEUNCPATH | ProgramFlags::ANY_PLATFORM;
        assert_eq!(user.bits(), 0x0810_4000);
        assert_eq!(ProgramFlags::CLASS_DEFAULT.bits(), 0x0011_6000);
    }

    #[test]
    fn bits_are_told_in_words_and_unknown_ones_by_number() {
        let flags = ProgramFlags::from_bits_retain(1 << 12 | 1 << 2 | 1 << 24);
        assert_eq!(flags.words(), ["bit 2", "disabled", "hidden"]);
    }

    proptest! {
        #[test]
        fn every_word_survives_the_wire_with_its_unknown_bits(word in any::<u32>()) {
            let flags: ProgramFlags = serde_json::from_str(&word.to_string()).unwrap();
            prop_assert_eq!(flags.bits(), word);
            prop_assert_eq!(serde_json::to_string(&flags).unwrap(), word.to_string());
            prop_assert_eq!(flags.words().len(), word.count_ones() as usize);
        }

        #[test]
        fn a_word_printed_with_a_sign_is_the_same_word(word in any::<u32>()) {
            let signed = word.cast_signed().to_string();
            let flags: ProgramFlags = serde_json::from_str(&signed).unwrap();
            prop_assert_eq!(flags.bits(), word);
        }

        #[test]
        fn clearing_a_bit_leaves_all_others(word in any::<u32>()) {
            let mut flags = ProgramFlags::from_bits_retain(word);
            flags.remove(ProgramFlags::DISABLED);
            prop_assert_eq!(flags.bits(), word & !(1 << 12));
        }
    }
}
