//! The negative cases T01 to T42: which tests hold each. The table is printed, and held to the tests that there are.

use std::{fmt::Write as _, fs, path::Path};

/// A file under `tests`, and the name of a test in it.
type Held = (&'static str, &'static str);

const CASES: [(&str, &[Held]); 42] = [
    ("T01", &[("core/jose/compact", "t01_another_number_of_parts_is_refused")]),
    ("T02", &[("core/jose/compact", "t02_a_token_of_16_kib_is_read_and_one_byte_more_is_not")]),
    ("T03", &[("core/jose/compact", "t03_foreign_characters_are_named_with_their_position")]),
    ("T04", &[("core/jose/compact", "t04_a_part_that_is_not_the_only_spelling_of_its_bytes_is_refused")]),
    ("T05", &[("core/jose/compact", "t05_a_header_that_is_not_plain_json_is_refused")]),
    (
        "T06",
        &[
            ("core/jose/compact", "t06_duplicate_members_of_the_header_are_refused"),
            ("strictness/cases", "t06_duplicate_members_are_refused_wherever_they_stand"),
        ],
    ),
    (
        "T07",
        &[
            ("strictness/cases", "t07_texts_that_cost_more_than_they_say_are_refused"),
            ("core/jose/compact", "t07_a_header_of_2_kib_is_read_and_one_byte_more_is_not"),
        ],
    ),
    ("T08", &[("strictness/cases", "t08_a_payload_is_an_object")]),
    ("T09", &[("core/jose/compact", "t09_the_json_serialization_is_refused_by_name")]),
    ("T10", &[("strictness/cases", "t10_names_of_the_language_are_plain_data")]),
    ("T11", &[("core/jose/compact", "t11_unsigned_and_unknown_algorithms_are_refused")]),
    (
        "T12",
        &[
            ("core/jose/jws", "t12_a_public_key_never_verifies_hmac"),
            ("core/jose/keys", "t12_a_public_key_is_no_shared_secret"),
        ],
    ),
    ("T13", &[("core/jose/jws", "t13_a_key_serves_the_configured_algorithm_only")]),
    ("T14", &[("core/jose/keys", "t14_a_key_without_alg_serves_the_rows_of_its_kind_only")]),
    ("T15", &[("core/jose/jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T16", &[("core/jose/jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T17", &[("core/jose/jws", "t15_to_t17_keys_and_addresses_in_the_token_mean_nothing")]),
    ("T18", &[("core/jose/compact", "t18_a_kid_is_a_short_name_and_nothing_else")]),
    ("T19", &[("core/jose/compact", "t19_and_t20_extensions_are_refused")]),
    ("T20", &[("core/jose/compact", "t19_and_t20_extensions_are_refused")]),
    (
        "T21",
        &[
            ("core/jose/compact", "t21_types_are_texts"),
            ("core/claims", "the_type_is_compared_as_a_media_type"),
        ],
    ),
    ("T22", &[("strictness/cases", "t22_compressed_content_is_refused_before_it_is_opened")]),
    (
        "T23",
        &[
            ("core/jose/jws", "t23_ecdsa_numbers_out_of_range_are_refused"),
            ("wycheproof/signatures", "ecdsa"),
        ],
    ),
    (
        "T24",
        &[
            ("strictness/flips", "t24_every_flipped_byte_and_every_truncation_of_a_signed_token_is_refused"),
            (
                "strictness/flips",
                "t24_every_flipped_byte_and_every_truncation_of_an_encrypted_token_is_refused",
            ),
            ("core/jose/jwe", "t24_every_flipped_byte_and_every_truncation_of_a_nested_token_is_refused"),
            (
                "js/package/flips.test.mjs",
                "T24 every flipped byte and every truncation is refused where only the host computes",
            ),
        ],
    ),
    (
        "T25",
        &[
            ("core/jose/jws", "t25_and_t28_other_paddings_salts_and_spellings_are_refused"),
            ("wycheproof/signatures", "rsa_pkcs1"),
        ],
    ),
    (
        "T26",
        &[
            ("core/jose/keys", "t26_rsa_keys_are_checked_for_size_modulus_and_exponent"),
            ("core/jose/keys", "t26_moduli_of_weak_devices_are_refused"),
            ("core/jose/keys", "t26_and_t30_pem_keys_that_are_not_for_us_are_refused"),
        ],
    ),
    ("T27", &[("core/jose/keys", "t27_hmac_secrets_have_at_least_the_bytes_of_their_hash")]),
    ("T28", &[("wycheproof/signatures", "rsa_pss")]),
    ("T29", &[("core/jose/keys", "t29_points_are_on_their_curve"), ("wycheproof/points", "p256_points")]),
    ("T30", &[("core/jose/keys", "t30_a_key_says_what_it_is_for")]),
    ("T31", &[("core/jose/jws", "t31_hmac_is_compared_in_constant_time")]),
    ("T32", &[("core/jose/jwe", "t32_algorithms_are_refused_by_name")]),
    (
        "T33",
        &[
            ("core/jose/management", "t33_to_t36_whatever_fails_is_one_error"),
            ("core/jose/host", "t33_rsa_decryption_is_the_hosts_alone_and_fails_in_one_way"),
            (
                "js/package/two-ways.test.mjs",
                "T33 wrapped keys that RSA cannot open fail like everything else",
            ),
            ("core/jose/pending_content", "t33_a_content_key_that_was_not_found_opens_nothing"),
        ],
    ),
    (
        "T34",
        &[
            ("core/jose/jwe", "t34_and_t36_parts_of_another_length_fail_like_everything_else"),
            ("wycheproof/content", "aes_gcm"),
        ],
    ),
    (
        "T35",
        &[
            ("core/jose/management", "t35_a_forged_padding_is_not_told_from_a_forged_tag"),
            ("wycheproof/content", "aes_cbc_hmac"),
        ],
    ),
    (
        "T36",
        &[
            ("core/jose/jwe", "t34_and_t36_parts_of_another_length_fail_like_everything_else"),
            ("wycheproof/management", "aes_key_wrap"),
            ("wycheproof/management", "aes_gcm_key_wrap"),
        ],
    ),
    ("T37", &[("strictness/cases", "t37_a_price_set_by_the_token_is_never_paid")]),
    (
        "T38",
        &[
            ("wycheproof/management", "ecdh_es"),
            ("strictness/cases", "t38_an_ephemeral_key_is_checked_like_any_other"),
        ],
    ),
    ("T39", &[("strictness/cases", "t39_no_plaintext_leaves_without_its_tag")]),
    ("T40", &[("core/jose/jwe", "t40_the_form_must_be_the_configured_one")]),
    ("T41", &[("core/jose/jwe", "t41_what_is_not_signed_inside_is_refused")]),
    (
        "T42",
        &[
            ("core/jose/jwe", "t42_the_outer_header_must_not_contradict_the_inner_token"),
            ("core/jose/pending_content", "t42_the_outer_header_is_held_against_what_the_host_has_proven"),
        ],
    ),
];

#[test]
fn every_case_names_the_tests_that_hold_it() {
    let mut table = String::from("\nNegative case  held by\n");
    for (index, (case, held)) in CASES.iter().enumerate() {
        assert_eq!(*case, format!("T{:02}", index + 1));
        assert!(!held.is_empty(), "{case} is held by nothing");
        for (file, test) in *held {
            assert!(exists(file, test), "{case}: tests/{file} has no test {test}");
            writeln!(table, "{case:<13}  {file}: {test}").unwrap();
        }
    }
    let tests: usize = CASES.iter().map(|(_, held)| held.len()).sum();
    writeln!(table, "{} of 42 cases held, by {tests} tests", CASES.len()).unwrap();
    crate::say(&table);
}

#[test]
fn every_test_that_bears_a_number_holds_that_case() {
    let folder = format!("{}/tests", env!("CARGO_MANIFEST_DIR"));
    let mut unlisted = Vec::new();
    for (number, file, test) in numbered(Path::new(&folder), "") {
        let Some((_, held)) = number.checked_sub(1).and_then(|index| CASES.get(index)) else { continue };
        if !held.contains(&(&*file, &*test)) {
            unlisted.push(format!("T{number:02}: {file}: {test}"));
        }
    }
    assert_eq!(unlisted, [""; 0], "tests that bear the number of a case that does not name them");
}

/// Whether a file has a test of that name that is run: Rust by its attribute, JavaScript by the call.
fn exists(file: &str, test: &str) -> bool {
    let is_script = Path::new(file).extension().is_some_and(|extension| extension == "mjs");
    let (name, mark) = if is_script {
        (file.to_owned(), format!("\ntest(\"{test}\","))
    } else {
        (format!("{file}.rs"), format!("#[test]\nfn {test}()"))
    };
    let text = fs::read_to_string(format!("{}/tests/{name}", env!("CARGO_MANIFEST_DIR")));
    text.is_ok_and(|text| text.contains(&mark))
}

/// The tests below a folder whose names begin with a number: the number, the file, the name.
fn numbered(folder: &Path, within: &str) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(numbered(&path, &format!("{within}{name}/")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for test in text.split("#[test]\nfn t").skip(1) {
                let test = test.split('(').next().unwrap();
                if let Ok(number) = test.get(..2).unwrap_or_default().parse() {
                    found.push((number, format!("{within}{name}"), format!("t{test}")));
                }
            }
        }
    }
    found
}
