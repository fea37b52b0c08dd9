//! The strict JSON reader (RFC 8259), for headers, claims, keys and settings alike: duplicate members, depth,
//! member count, UTF-8 and number range are checked, and a fault names its position.

use crate::{Code, Error, Result, bounds};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// Any JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// A finite number that keeps its spelling, so that long ids are not rounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    text: String,
    value: f64,
}

impl Number {
    /// The number as it was written.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// The nearest double.
    pub const fn as_f64(&self) -> f64 {
        self.value
    }

    /// The number, if it is written as a whole number in the range.
    pub fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok()
    }
}

/// An object: members in the order written, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An empty object.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Sets a member, in place of one of the same name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(member, _)| *member == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a member where there is a value.
    pub fn set_some(&mut self, name: impl Into<String>, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let index = self.0.iter().position(|(member, _)| member == name)?;
        Some(self.0.remove(index).1)
    }

    /// The members in the order written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value {
    /// Reads a whole JSON text.
    ///
    /// # Errors
    /// The `json_*` codes, with the byte position where reading stopped.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let text = core::str::from_utf8(bytes)
            .map_err(|fault| Error::new(Code::JsonNotUtf8).got(format!("a wrong byte at position {}", fault.valid_up_to())))?;
        if text.starts_with('\u{feff}') {
            return Err(Error::new(Code::JsonNotUtf8).got("a byte order mark"));
        }
        let mut reader = Reader { text, position: 0, depth: 0 };
        let value = reader.value()?;
        reader.space();
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(reader.fault(Code::JsonSyntax, "the end of the text")),
        }
    }

    /// Reads a whole JSON text that must be an object.
    ///
    /// # Errors
    /// As [`Value::parse`], and `json_not_object`.
    pub fn parse_object(bytes: &[u8]) -> Result<Object> {
        match Self::parse(bytes)? {
            Self::Object(object) => Ok(object),
            other => Err(Error::new(Code::JsonNotObject).expected("an object").got(other.kind())),
        }
    }

    /// What kind of value this is, in words.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// A boolean's value.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// A number as a double.
    pub const fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number.as_f64()) } else { None }
    }

    /// A number that is written as a whole number.
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Number(number) = self { number.as_i64() } else { None }
    }

    /// An object's members.
    pub const fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// An array's elements.
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The value at a JSON Pointer (RFC 6901).
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, token| match value {
            Self::Object(object) => object.get(&token.replace("~1", "/").replace("~0", "~")),
            Self::Array(elements) if token == "0" || !token.starts_with('0') => elements.get(token.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The value as compact JSON text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.text),
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(object) => {
                out.push('{');
                for (index, (name, value)) in object.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    #[allow(clippy::cast_precision_loss)]
    fn from(value: i64) -> Self {
        Self::Number(Number { text: format!("{value}"), value: value as f64 })
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn step(&mut self) {
        self.position = self.position.saturating_add(1);
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn fault(&self, code: Code, expected: &str) -> Error {
        let got = match self.rest().chars().next() {
            Some(_) => format!("something else at position {}", self.position),
            None => format!("the end of the text at position {}", self.position),
        };
        Error::new(code).expected(expected).got(got)
    }

    fn value(&mut self) -> Result<Value> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
                    if self.rest().starts_with(word) {
                        self.position = self.position.saturating_add(word.len());
                        return Ok(value);
                    }
                }
                Err(self.fault(Code::JsonSyntax, "a value"))
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value>) -> Result<Value> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > bounds::JSON_DEPTH {
            return Err(self.fault(Code::JsonTooDeep, &format!("at most {} levels", bounds::JSON_DEPTH)));
        }
        self.step();
        let value = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn too_many(&self) -> Error {
        self.fault(Code::JsonTooManyMembers, &format!("at most {} members", bounds::JSON_MEMBERS))
    }

    fn object(&mut self) -> Result<Value> {
        let mut object = Object::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.step();
            return Ok(Value::Object(object));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.fault(Code::JsonSyntax, "a member name in double quotes"));
            }
            let name = self.string()?;
            if object.get(&name).is_some() {
                return Err(self.fault(Code::JsonDuplicateMember, "each member once"));
            }
            if object.len() >= bounds::JSON_MEMBERS {
                return Err(self.too_many());
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.fault(Code::JsonSyntax, "a colon"));
            }
            self.step();
            let value = self.value()?;
            object.0.push((name, value));
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b'}') => {
                    self.step();
                    return Ok(Value::Object(object));
                }
                _ => return Err(self.fault(Code::JsonSyntax, "a comma or a closing brace")),
            }
        }
    }

    fn array(&mut self) -> Result<Value> {
        let mut elements = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.step();
            return Ok(Value::Array(elements));
        }
        loop {
            if elements.len() >= bounds::JSON_MEMBERS {
                return Err(self.too_many());
            }
            elements.push(self.value()?);
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b']') => {
                    self.step();
                    return Ok(Value::Array(elements));
                }
                _ => return Err(self.fault(Code::JsonSyntax, "a comma or a closing bracket")),
            }
        }
    }

    /// Reads the string that begins at the quote under the reader.
    fn string(&mut self) -> Result<String> {
        self.step();
        let mut out = String::new();
        loop {
            let plain = self.rest().bytes().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
            out.push_str(self.rest().get(..plain).unwrap_or_default());
            self.position = self.position.saturating_add(plain);
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.step();
                    out.push(self.escape()?);
                }
                Some(_) => return Err(self.fault(Code::JsonSyntax, "control characters to be escaped")),
                None => return Err(self.fault(Code::JsonSyntax, "a closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let escaped = match self.peek() {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode_escape();
            }
            _ => return Err(self.fault(Code::JsonSyntax, "an escape such as \\n or \\u00e9")),
        };
        self.step();
        Ok(escaped)
    }

    fn unicode_escape(&mut self) -> Result<char> {
        let first = self.hex4()?;
        let scalar = match first {
            0xd800..=0xdbff => {
                if !self.rest().starts_with("\\u") {
                    return Err(self.fault(Code::JsonSyntax, "the second half of a surrogate pair"));
                }
                self.position = self.position.saturating_add(2);
                let second = self.hex4()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(self.fault(Code::JsonSyntax, "the second half of a surrogate pair"));
                }
                0x1_0000_u32.saturating_add((first & 0x3ff) << 10).saturating_add(second & 0x3ff)
            }
            other => other,
        };
        char::from_u32(scalar).ok_or_else(|| self.fault(Code::JsonSyntax, "a Unicode character"))
    }

    fn hex4(&mut self) -> Result<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = value.ok_or_else(|| self.fault(Code::JsonSyntax, "four hexadecimal digits"))?;
        self.position = self.position.saturating_add(4);
        Ok(value)
    }

    fn digits(&mut self) -> Result<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault(Code::JsonSyntax, "a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.step();
        }
        if self.peek() == Some(b'0') {
            self.step();
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.step();
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.position).unwrap_or_default();
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        match value.filter(|_| text.len() <= bounds::JSON_NUMBER_CHARACTERS) {
            Some(value) => Ok(Value::Number(Number { text: text.to_owned(), value })),
            None => Err(self.fault(Code::JsonNumberRange, "a number that fits a double")),
        }
    }
}
