//! The JSON value for serde: any self-describing format in, held to the caps of the strict reader; the value out. A fault
//! names its place, whatever the format.

use super::{
    Number, Object, Value,
    members::{element, pointer},
};
use crate::{Code, Error, bounds};
use alloc::{format, string::String, vec::Vec};
use core::{cell::RefCell, fmt};
#[cfg(feature = "serde")]
use serde::Deserialize;
use serde::{
    Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap as _, SerializeSeq as _},
};

/// How each value is looked at before it is read.
pub(crate) trait Look: Copy {
    /// Reads the value at a place; `None` leaves the member out.
    ///
    /// # Errors
    /// A refusal of the place, or the format's own.
    fn look<'de, D: Deserializer<'de>>(given: D, at: At<'_, Self>) -> Result<Option<Value>, D::Error>;
}

/// A place in the value that is read, and what came of it.
pub(crate) struct At<'f, L> {
    pub(crate) place: String,
    depth: usize,
    /// The first fault: the format's own error says no place.
    fault: &'f RefCell<Option<Error>>,
    pub(crate) look: L,
}

/// Reads a value as it is looked at.
pub(crate) fn read<'de, D: Deserializer<'de>, L: Look>(given: D, look: L) -> Result<Value, Error> {
    let fault = RefCell::new(None);
    let at = At { place: String::new(), depth: 0, fault: &fault, look };
    let read = at.deserialize(given);
    match (read, fault.take()) {
        (Ok(Some(value)), None) => Ok(value),
        (_, fault) => Err(fault.unwrap_or_else(|| Error::new(Code::SettingsInvalid).at("").got("nothing"))),
    }
}

impl<L: Look> At<'_, L> {
    fn below(&self, place: String) -> Self {
        Self { place, depth: self.depth.saturating_add(1), fault: self.fault, look: self.look }
    }

    /// Refuses the value; of several refusals on the way out, the first counts.
    pub(crate) fn refuse<E: de::Error>(&self, expected: &str, got: &str) -> E {
        let fault = Error::new(Code::SettingsInvalid).at(self.place.as_str()).expected(expected).got(got);
        self.fault.borrow_mut().get_or_insert(fault);
        E::custom("refused")
    }

    fn check_depth<E: de::Error>(&self) -> Result<(), E> {
        if self.depth < bounds::JSON_DEPTH {
            return Ok(());
        }
        Err(self.refuse(
            &told!("at most {} levels", bounds::JSON_DEPTH),
            "more, or a structure that contains itself",
        ))
    }

    fn check_count<E: de::Error>(&self, members: usize) -> Result<(), E> {
        if members <= bounds::JSON_MEMBERS {
            return Ok(());
        }
        Err(self.refuse(&told!("at most {} members", bounds::JSON_MEMBERS), "more"))
    }
}

impl<'de, L: Look> DeserializeSeed<'de> for At<'_, L> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, given: D) -> Result<Self::Value, D::Error> {
        let (place, depth, fault, look) = (self.place.clone(), self.depth, self.fault, self.look);
        // What the format refuses itself, such as bytes that are not UTF-8.
        let refuse = |_: &D::Error| {
            drop(At { place, depth, fault, look }.refuse::<D::Error>("plain data", "something else"))
        };
        L::look(given, self).inspect_err(refuse)
    }
}

impl<'de, L: Look> Visitor<'de> for At<'_, L> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, given: D) -> Result<Value, D::Error> {
        given.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(Number { text: format!("{value}"), value: value as f64 }))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        if !value.is_finite() {
            return Err(self.refuse("a finite number", "a number that is not finite"));
        }
        let text = format!("{value}");
        if text.len() > bounds::JSON_NUMBER_CHARACTERS {
            return Err(self.refuse("a number that is written in fewer digits", "more digits"));
        }
        Ok(Value::Number(Number { text, value }))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Value, E> {
        Err(self.refuse("plain data", "bytes"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut elements = Vec::new();
        while let Some(value) = given.next_element_seed(self.below(element(&self.place, elements.len())))? {
            self.check_count(elements.len().saturating_add(1))?;
            elements.push(value.unwrap_or(Value::Null));
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut object = Object::new();
        while let Some(name) = given.next_key::<String>()? {
            let at = self.below(pointer(&self.place, &name));
            if object.get(&name).is_some() {
                return Err(at.refuse("each name once", "a name twice"));
            }
            self.check_count(object.len().saturating_add(1))?;
            if let Some(value) = given.next_value_seed(at)? {
                object.0.push((name, value));
            }
        }
        Ok(Value::Object(object))
    }
}

/// A format whose values are read as they are.
#[cfg(feature = "serde")]
#[derive(Clone, Copy)]
struct AsItIs;

#[cfg(feature = "serde")]
impl Look for AsItIs {
    fn look<'de, D: Deserializer<'de>>(given: D, at: At<'_, Self>) -> Result<Option<Value>, D::Error> {
        given.deserialize_any(at).map(Some)
    }
}

#[cfg(feature = "serde")]
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        read(given, AsItIs).map_err(de::Error::custom)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => out.serialize_unit(),
            Self::Bool(value) => out.serialize_bool(*value),
            Self::Number(number) => match (number.as_i64(), number.as_text().parse::<u64>()) {
                (Some(value), _) => out.serialize_i64(value),
                (None, Ok(value)) => out.serialize_u64(value),
                (None, Err(_)) => out.serialize_f64(number.as_f64()),
            },
            Self::String(text) => out.serialize_str(text),
            Self::Array(elements) => {
                let mut array = out.serialize_seq(Some(elements.len()))?;
                elements.iter().try_for_each(|element| array.serialize_element(element))?;
                array.end()
            }
            Self::Object(object) => object.serialize(out),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.len()))?;
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}
