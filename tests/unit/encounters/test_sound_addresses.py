"""Addresses of recordings: read strictly, allowed host by host, none within the network."""

from __future__ import annotations

import pytest

from core.encounters.sound_addresses import NO_HOSTS, SoundAddress, is_public, sound_hosts
from core.errors import InvalidInput, SettingError
from core.settings import Settings

HOSTS = sound_hosts("sounds.example.com, pbx.example.com:8443", "10.0.0.9:8080")


@pytest.mark.parametrize(
    ("written", "netloc", "target"),
    [
        ("https://Sounds.Example.COM.:443/a/1.wav?k=v#t=9", "sounds.example.com", "/a/1.wav?k=v"),
        ("http://10.0.0.9:8080", "10.0.0.9:8080", "/"),
        ("https://[2001:DB8::1]:8443/x", "[2001:db8::1]:8443", "/x"),
        ("https://Bücher.example/錄.wav", "xn--bcher-kva.example", "/%E9%8C%84.wav"),
    ],
)
def test_an_address_is_read_into_one_form(written, netloc, target):
    address = SoundAddress.read(written)
    assert (address.netloc, address.target) == (netloc, target)


@pytest.mark.parametrize(
    "written",
    [
        "ftp://sounds.example.com/1.wav",
        "file:///etc/passwd",
        "https:///1.wav",
        "https://user@sounds.example.com/1.wav",
        "https://sounds.example.com@evil.example/1.wav",
        "https://sounds.example.com\\@evil.example/1.wav",
        "https://sounds.example.com/a b",
        "https://sounds.example.com/1.wav\r\nX: y",
        "https://sounds.example.com:port/1.wav",
        "https://sounds.example.com:99999/1.wav",
    ],
)
def test_what_could_be_read_two_ways_is_no_address(written):
    with pytest.raises(InvalidInput, match="no address"):
        HOSTS.check_written(written)


@pytest.mark.parametrize(
    "written",
    [
        "https://sounds.example.com/1.wav",
        "https://pbx.example.com:8443/1.wav",
        "http://10.0.0.9:8080/1.wav",
        "calls/1.wav",
        "",
    ],
)
def test_allowed_hosts_and_names_of_files_pass(written):
    HOSTS.check_written(written)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://other.example/1.wav", "other.example"),
        ("https://sounds.example.com.evil.example/1.wav", "sounds.example.com.evil.example"),
        ("https://sounds.example.com:8443/1.wav", "sounds.example.com:8443"),
        ("https://pbx.example.com/1.wav", "pbx.example.com"),
        ("http://10.0.0.9/1.wav", "10.0.0.9"),
    ],
)
def test_other_hosts_and_other_ports_are_refused_by_name(written, host):
    with pytest.raises(InvalidInput, match=f"not played from {host}: "):
        HOSTS.check_written(written)
    with pytest.raises(InvalidInput, match="not played from"):
        NO_HOSTS.check_written(written)


def test_only_hosts_of_the_own_network_may_be_asked_without_encryption():
    with pytest.raises(InvalidInput, match=r"from sounds\.example\.com by https only"):
        HOSTS.check_written("http://sounds.example.com/1.wav")


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "fec0::1"),
    ],
)
def test_addresses_of_a_network_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_others_are(ip):
    assert is_public(ip)


@pytest.mark.parametrize("value", ["https://a.example", "a.example/x", "a b", "a@b", "a:x"])
@pytest.mark.parametrize("name", ["RECORDING_HOSTS", "RECORDING_HOSTS_INSIDE"])
def test_a_setting_that_names_no_host_stops_the_start(name, value):
    with pytest.raises(SettingError, match=f"{name}.*is no host"):
        Settings.parse({name: f"good.example,{value}"})


def test_hosts_come_from_the_settings():
    settings = Settings.parse(
        {"RECORDING_HOSTS": "A.example, b.example:8443,", "RECORDING_HOSTS_INSIDE": "[::1]:9"}
    )
    assert settings.sound_hosts == sound_hosts("a.example,b.example:8443", "[::1]:9")
    assert Settings.parse({}).sound_hosts == NO_HOSTS
