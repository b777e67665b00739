using System.Net;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Tests.Webhooks;

[Unit]
public sealed class TargetTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    public void An_address_that_not_everybody_means_alike_is_not_public(string address) =>
        Assert.False(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4003::1")]
    public void An_address_of_the_internet_is_public(string address) =>
        Assert.True(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.com/hooks", "must be an https address")]
    [InlineData("ftp://example.com/hooks", "must be an https address")]
    [InlineData("https://user:word@example.com/", "must not hold a user name or password")]
    [InlineData("https://example.com/#part", "must not have a fragment")]
    [InlineData("https://localhost/", "must lead to a public address")]
    [InlineData("https://LOCALHOST./", "must lead to a public address")]
    [InlineData("https://api.internal/", "must lead to a public address")]
    [InlineData("https://127.1/", "must lead to a public address")]
    [InlineData("https://2130706433/", "must lead to a public address")]
    [InlineData("https://0x7f.0.0.1/", "must lead to a public address")]
    [InlineData("https://[::1]/", "must lead to a public address")]
    [InlineData("https://[::ffff:10.0.0.1]:8443/", "must lead to a public address")]
    [InlineData("https://example.com/hooks?token=x", null)]
    [InlineData("https://1.1.1.1:8443/", null)]
    [InlineData("https://[2606:4700:4700::1111]/", null)]
    public void Only_public_https_addresses_are_targets(string url, string? reason) =>
        Assert.Equal(reason, new WebhookTargets().Refuse(new Uri(url)));

    [Fact]
    public void What_is_allowed_by_configuration_is_allowed()
    {
        var targets = new WebhookTargets { AllowHttp = true, AllowPrivateNetworks = true };

        Assert.Null(targets.Refuse(new Uri("http://127.0.0.1:9000/")));
        Assert.Null(targets.Refuse(new Uri("http://localhost:9000/")));
        Assert.NotNull(targets.Refuse(new Uri("ftp://127.0.0.1/")));
        Assert.True(targets.Allows(IPAddress.Loopback));
    }
}
