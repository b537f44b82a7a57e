//! Reading a command line as far as the rules need it.

/// The file a command line starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// As written, without quotes.
    pub text: String,
}

/// The first word of a command line, or what stands between its first quotes.
pub(super) fn file(command: &str) -> Option<File> {
    let command = command.trim();
    let text = match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => command.split_whitespace().next(),
    };
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| File { text: text.into() })
}

/// Commands every Windows has, as far as installers use them.
const OF_WINDOWS: &[&str] = &[
    "cmd",
    "cscript",
    "dism",
    "gpupdate",
    "icacls",
    "ipconfig",
    "msiexec",
    "net",
    "netsh",
    "powershell",
    "pwsh",
    "reg",
    "regedit",
    "regsvr32",
    "robocopy",
    "rundll32",
    "sc",
    "schtasks",
    "shutdown",
    "taskkill",
    "wmic",
    "wscript",
    "wusa",
    "xcopy",
];

impl File {
    /// A full path, or one through a variable: not looked for in the package.
    pub fn is_elsewhere(&self) -> bool {
        let text = &self.text;
        text.starts_with(r"\\")
            || text.starts_with('/')
            || text.starts_with('%')
            || text.contains(":\\")
            || text.contains("://")
    }

    pub fn is_of_windows(&self) -> bool {
        let name = self.name().to_lowercase();
        let stem = name.strip_suffix(".exe").unwrap_or(&name);
        OF_WINDOWS.contains(&stem)
    }

    pub fn has_extension(&self) -> bool {
        self.name()
            .rsplit_once('.')
            .is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
    }

    /// The last part of the path.
    fn name(&self) -> &str {
        self.text.rsplit(['\\', '/']).next().unwrap_or(&self.text)
    }
}

/// Whether this is the file of that name at the top of the source folder. Files below it are not listed, so a path
/// with folders counts as there when its first folder is.
pub(super) fn names(file: &File, there: &str) -> bool {
    let said = file.text.trim_start_matches(".\\").trim_start_matches("./");
    let first = said.split(['\\', '/']).next().unwrap_or(said);
    let extensions = ["", ".com", ".exe", ".bat"];
    extensions
        .iter()
        .any(|extension| there.eq_ignore_ascii_case(&format!("{first}{extension}")))
}

pub(super) fn is_msi(command: &str) -> bool {
    file(command).is_some_and(|file| {
        let name = file.name().to_lowercase();
        name == "msiexec" || name == "msiexec.exe"
    })
}

/// Whether one of these switches is there; `/q` also as `/qn` or `-qb`.
pub(super) fn has_switch(command: &str, switches: &[&str]) -> bool {
    command.split_whitespace().any(|word| {
        let word = word.to_lowercase().replacen('-', "/", 1);
        switches.iter().any(|switch| {
            if *switch == "/q" {
                word.starts_with("/q")
            } else {
                word == *switch
            }
        })
    })
}

/// Whether something in it looks like a password or a key, with a value.
pub(super) fn holds_secret(command: &str) -> bool {
    const NAMES: &[&str] = &[
        "password",
        "passwd",
        "pwd",
        "pw",
        "token",
        "secret",
        "apikey",
        "api_key",
        "licensekey",
    ];
    command.to_lowercase().split([' ', '"', '\t']).any(|word| {
        let word = word.trim_start_matches(['/', '-']);
        match word.split_once(['=', ':']) {
            Some((name, value)) => {
                !value.is_empty()
                    && NAMES
                        .iter()
                        .any(|secret| name == *secret || name.ends_with(&format!("_{secret}")))
            }
            None => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_the_first_word_or_what_is_quoted() {
        let text = |command| file(command).map(|file| file.text);
        assert_eq!(text(r#""my setup.exe" /S"#), Some("my setup.exe".into()));
        assert_eq!(text("  setup.exe /S"), Some("setup.exe".into()));
        assert_eq!(text(r#""""#), None);
        assert_eq!(text(""), None);
    }

    #[test]
    fn full_paths_and_variables_are_elsewhere() {
        for command in [
            r"C:\tools\x.exe",
            r"\\server\share\x.exe",
            "%ProgramFiles%\\x.exe",
            "/opt/x",
        ] {
            assert!(file(command).unwrap().is_elsewhere(), "{command}");
        }
        assert!(!file(r".\sub\x.exe").unwrap().is_elsewhere());
    }

    #[test]
    fn a_file_is_found_in_any_case_and_without_its_extension() {
        assert!(names(&file("SETUP /S").unwrap(), "setup.exe"));
        assert!(names(&file(r".\sub\x.exe").unwrap(), "sub"));
        assert!(!names(&file("other.exe").unwrap(), "setup.exe"));
    }

    #[test]
    fn switches_are_found_in_either_form() {
        assert!(has_switch("msiexec -i x.msi -QB!", &["/q"]));
        assert!(has_switch("msiexec /i x.msi /NoRestart", &["/norestart"]));
        assert!(!has_switch("msiexec /i quick.msi", &["/q", "/quiet"]));
    }

    #[test]
    fn a_secret_has_a_name_and_a_value() {
        for command in [
            "setup.exe /pw:abc",
            "x PASSWORD=1",
            "x --token=abc",
            "x SVC_PASSWORD=q",
        ] {
            assert!(holds_secret(command), "{command}");
        }
        for command in [
            "setup.exe /pw:",
            "x.exe pwdfile=a",
            "net user",
            "x nopassword",
        ] {
            assert!(!holds_secret(command), "{command}");
        }
    }
}
