//! Pure work on text: schedules and their interval strings, NAL paths and their parts.

use serde_json::{Value, json};

use super::{Answer, Call, Implementation};
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::StoreError;
use crate::sms::nal::{NalParts, NalPath};
use crate::sms::schedule::{Token, pack, unpack};

pub(super) const METHODS: &[Implementation] = &[
    Implementation::reads("SMS_ScheduleMethods", "ReadFromString", read_schedule),
    Implementation::reads("SMS_ScheduleMethods", "WriteToString", write_schedule),
    Implementation::reads("SMS_NAL_Methods", "PackNALPath", |_, call| {
        Ok(pack_path(call))
    }),
    Implementation::reads("SMS_NAL_Methods", "UnPackNALPath", unpack_path),
];

fn read_schedule(_: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let tokens = unpack(call.arguments.text("StringData")).map_err(invalid)?;
    Ok(Answer::done().with("TokenData", json!(tokens)))
}

fn write_schedule(_: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let tokens: Vec<Token> =
        serde_json::from_value(Value::Array(call.arguments.list("TokenData").to_vec()))
            .map_err(invalid)?;
    Ok(Answer::done().with("StringData", pack(&tokens).map_err(invalid)?))
}

fn pack_path(call: &Call<'_>) -> Answer {
    let texts = |name: &str| {
        let elements = call.arguments.list(name).iter().filter_map(Value::as_str);
        elements.map(str::to_owned).collect::<Vec<_>>()
    };
    let parts = NalParts {
        display: texts("DisplayQualifiers"),
        kind: call.arguments.text("NALType").to_owned(),
        connection: texts("NetworkConnectionQualifiers"),
        path: call.arguments.text("NetworkOSPath").to_owned(),
    };
    Answer::done().with("NALPath", NalPath::from(parts).as_str())
}

fn unpack_path(_: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let parts = NalPath::new(call.arguments.text("NALPath"))
        .parts()
        .map_err(invalid)?;
    Ok(Answer::done()
        .with("DisplayQualifiers", parts.display)
        .with("NALType", parts.kind)
        .with("NetworkOSPath", parts.path)
        .with("NetworkConnectionQualifiers", parts.connection))
}

fn invalid(error: impl std::fmt::Display) -> Refusal {
    Refusal::invalid(error.to_string())
}
