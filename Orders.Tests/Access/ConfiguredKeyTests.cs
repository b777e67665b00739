using Orders.Api.Access;

namespace Orders.Tests.Access;

[Unit]
public sealed class ConfiguredKeyTests
{
    private const string Secret = "0123456789012345678901234567890123456789";

    [Fact]
    public void Good_keys_have_no_mistakes() =>
        Assert.Empty(ConfiguredKeys.Mistakes(
        [
            new() { Token = $"ordk_admin_{Secret}", Scopes = ["admin"] },
            new() { Token = $"ordk_portal_{Secret}", Scopes = ["orders:read", "orders:write"], CustomerId = "cus-1", Burst = 5 },
        ]));

    [Theory]
    [InlineData("secret-without-form-0123456789", "admin", null, null, "Keys:0:Token")]
    [InlineData($"ordk_a_{Secret}", "orders:destroy", null, null, "Keys:0:Scopes")]
    [InlineData($"ordk_a_{Secret}", null, null, null, "Keys:0:Scopes")]
    [InlineData($"ordk_a_{Secret}", "admin", "cus-1", null, "Keys:0:Scopes")]
    [InlineData($"ordk_a_{Secret}", "orders:read", "cus\" OR status = \"placed", null, "Keys:0:CustomerId")]
    [InlineData($"ordk_a_{Secret}", "orders:read", null, 0, "Keys:0:RequestsPerSecond")]
    public void A_mistake_is_named_without_the_secret(string token, string? scope, string? customer, int? rate, string named)
    {
        var key = new ConfiguredKey
        {
            Token = token, Scopes = scope is null ? [] : [scope], CustomerId = customer, RequestsPerSecond = rate,
        };

        var mistake = Assert.Single(ConfiguredKeys.Mistakes([key]));

        Assert.Contains($"Orders:Access:{named[..named.LastIndexOf(':')]}", mistake, StringComparison.Ordinal);
        Assert.Contains(named[(named.LastIndexOf(':') + 1)..], mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_of_one_id_are_a_mistake() =>
        Assert.Single(ConfiguredKeys.Mistakes(
        [
            new() { Token = $"ordk_a_{Secret}", Scopes = ["admin"] },
            new() { Token = $"ordk_a_{Secret}x", Scopes = ["orders:read"] },
        ]));
}
