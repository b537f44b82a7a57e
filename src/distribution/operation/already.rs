//! Something that exists and is used as it is: a line to read, nothing to do.

use serde::{Deserialize, Serialize};

use super::{Kind, Look, Made, Mark, Right, Unmade, Written};
use crate::distribution::plan::OpNumber;
use crate::distribution::run::{Hand, Trouble};

/// An object the plan uses and does not touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Already {
    pub what: What,
    pub id: String,
    pub name: String,
    /// Its figures when the plan was made, for example `37 members`.
    pub words: String,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Package,
    Program,
    Collection,
    Content,
}

impl Kind for Already {
    fn title(&self) -> &'static str {
        match self.what {
            What::Package => "Package",
            What::Program => "Program",
            What::Collection => "Collection",
            What::Content => "Content",
        }
    }

    fn subject(&self) -> String {
        self.name.clone()
    }

    fn detail(&self) -> String {
        self.words.clone()
    }

    fn mark(&self) -> Mark {
        Mark::Already
    }

    fn right(&self) -> Right {
        Right::Read
    }

    fn needs(&self) -> Vec<OpNumber> {
        Vec::new()
    }

    fn request(&self) -> String {
        String::new()
    }

    fn written(&self) -> Vec<Written> {
        Vec::new()
    }

    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, _hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        Ok(Look::Same {
            id: Some(self.id.clone()).filter(|id| !id.is_empty()),
            words: self.words.clone(),
        })
    }

    async fn make(&self, _hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        Ok(Made {
            id: None,
            words: String::new(),
        })
    }

    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}
