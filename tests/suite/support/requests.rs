//! Requests to a site, as they would have been written down.

use std::time::Duration;

use consign::client::requests::{AskedRequest, Outcome};
use http::Method;

use super::fleet::now;

/// The last requests to a site on a bad day, oldest first.
pub fn on_a_bad_day() -> Vec<AskedRequest> {
    const SERVICE: &str = "https://cm01.corp.example/AdminService/wmi/";
    let answered = |status: u16| Outcome::Answered(status.try_into().unwrap());
    let all = [
        (Method::GET, "SMS_Identification", answered(200), 84, 0, 912),
        (
            Method::POST,
            "SMS_Collection('LAB00014')/AdminService.RequestRefresh",
            answered(201),
            240,
            33,
            71,
        ),
        (
            Method::GET,
            "SMS_Advertisement?$select=AdvertisementID,AdvertisementName&$top=1000",
            answered(503),
            1_950,
            0,
            0,
        ),
        (
            Method::GET,
            "SMS_R_System/$count",
            Outcome::Lost("no whole answer came within 60 s".to_owned()),
            60_000,
            0,
            0,
        ),
        (
            Method::GET,
            "SMS_Package?$filter=Name%20eq%20'Line%20Tool'&$select=PackageID,Name&$top=1000",
            answered(200),
            312,
            0,
            318_400,
        ),
        (
            Method::GET,
            "SMS_Collection('LAB00099')",
            answered(404),
            18,
            0,
            84,
        ),
    ];
    let requests = (0..).zip(all).map(|(number, it)| {
        let (method, path, outcome, took, sent, received) = it;
        let after = Duration::from_secs(7 * number);
        AskedRequest {
            number,
            at: now().timestamp() + after,
            method,
            url: format!("{SERVICE}{path}"),
            outcome,
            took: Duration::from_millis(took),
            sent,
            received,
        }
    });
    requests.collect()
}
