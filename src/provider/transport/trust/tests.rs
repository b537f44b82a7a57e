//! Verdicts over certificates made for the purpose.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use super::*;

struct Made {
    leaf: CertificateDer<'static>,
    root: CertificateDer<'static>,
}

/// A certificate for `sccm01`, issued by an authority of its own.
fn issued(change: impl FnOnce(&mut CertificateParams)) -> Made {
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new([]).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name
        .push(DnType::CommonName, "SMS Issuing");
    let root_certificate = root.self_signed(&root_key).unwrap();
    let mut parameters = CertificateParams::new(["sccm01".to_owned()]).unwrap();
    change(&mut parameters);
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(root, root_key);
    let leaf = parameters.signed_by(&key, &issuer).unwrap();
    Made {
        leaf: leaf.der().clone(),
        root: root_certificate.der().clone(),
    }
}

fn self_signed() -> CertificateDer<'static> {
    let parameters = CertificateParams::new(["other".to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    parameters.self_signed(&key).unwrap().der().clone()
}

fn trusting(root: &CertificateDer<'static>) -> Trust {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    Trust::Authorities(Arc::new(roots))
}

fn verdict(trust: &Trust, leaf: &CertificateDer<'_>, name: &str) -> Result<(), Distrust> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    Judge::new(trust).unwrap().decide(Shown {
        leaf,
        between: &[],
        name: &name,
        ocsp: &[],
        now: UnixTime::now(),
    })
}

#[track_caller]
fn refused(trust: &Trust, leaf: &CertificateDer<'_>, name: &str, doubt: Doubt, reason: &str) {
    let distrust = verdict(trust, leaf, name).unwrap_err();
    assert_eq!(distrust.doubt, doubt);
    assert!(distrust.reason.contains(reason), "{}", distrust.reason);
}

#[test]
fn each_reason_against_a_certificate_has_words_of_its_own() {
    let made = issued(|_| ());
    let trust = trusting(&made.root);
    assert_eq!(verdict(&trust, &made.leaf, "sccm01"), Ok(()));
    let unproven = |trust: &Trust, leaf: &CertificateDer<'_>, name: &str, reason: &str| {
        refused(trust, leaf, name, Doubt::Unproven, reason);
    };
    unproven(
        &trust,
        &made.leaf,
        "sccm02",
        "it is for sccm01, not for sccm02",
    );
    let stranger = issued(|_| ());
    unproven(
        &trust,
        &stranger.leaf,
        "sccm01",
        "CN=SMS Issuing as its issuer, who did not sign it",
    );
    unproven(
        &Trust::Nobody,
        &stranger.leaf,
        "sccm01",
        "nobody here knows who issued it, CN=SMS Issuing",
    );
    let others = trusting(&self_signed());
    unproven(
        &others,
        &stranger.leaf,
        "sccm01",
        "nobody here knows who issued it, CN=SMS Issuing",
    );
    let old = issued(|parameters| {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 2, 3);
    });
    unproven(
        &trusting(&old.root),
        &old.leaf,
        "sccm01",
        "it expired on 2021-02-03",
    );
    let early = issued(|parameters| {
        parameters.not_before = date_time_ymd(4000, 1, 1);
        parameters.not_after = date_time_ymd(4001, 1, 1);
    });
    let reason = "it is not valid before 4000-01-01, and here it is 20";
    unproven(&trusting(&early.root), &early.leaf, "sccm01", reason);
    let authority = "as an authority's own it can be trusted by its fingerprint alone";
    unproven(&trust, &made.root, "sccm01", authority);
    let reason = "it is signed by itself, and not known here";
    unproven(&trust, &self_signed(), "sccm01", reason);
}

#[test]
fn a_pin_decides_alone() {
    let old = issued(|parameters| parameters.not_after = date_time_ymd(2021, 2, 3));
    let own = fingerprint(&old.leaf);
    assert_eq!(verdict(&Trust::Known(own), &old.leaf, "elsewhere"), Ok(()));
    assert_eq!(verdict(&Trust::Pinned(own), &old.leaf, "elsewhere"), Ok(()));
    let other = Pin([7; 32]);
    let told = [other, own].map(|pin| pin.to_string());
    for told in &told {
        refused(
            &Trust::Known(other),
            &old.leaf,
            "sccm01",
            Doubt::Changed,
            told,
        );
        refused(
            &Trust::Pinned(other),
            &old.leaf,
            "sccm01",
            Doubt::OtherThanSet,
            told,
        );
    }
}
