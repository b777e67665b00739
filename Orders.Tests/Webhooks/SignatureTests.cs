using Orders.Indexer.Webhooks;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Tests.Webhooks;

[Unit]
public sealed class SignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The example that implementations of Standard Webhooks share.</summary>
    private const string Known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_signature_is_the_one_that_standard_webhooks_prescribes() =>
        Assert.Equal(Known, Sign(Secret, null));

    [Fact]
    public void During_a_rotation_both_secrets_sign()
    {
        var other = WebhookSecret.Generate();

        var signatures = Sign(other, Secret).Split(' ');

        Assert.Equal(2, signatures.Length);
        Assert.NotEqual(Known, signatures[0]);
        Assert.Equal(Known, signatures[1]);
    }

    [Fact]
    public void A_secret_that_is_made_here_can_be_read_and_is_never_the_same()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSecret.Generate()).ToList();

        Assert.Equal(100, secrets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(secrets, secret => Assert.Equal(32, WebhookSecret.Read(secret)?.Length));
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")] // not base 64
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==")] // 22 bytes
    [InlineData("whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw")] // white space
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("")]
    public void What_is_no_secret_is_refused(string text) => Assert.Null(WebhookSecret.Read(text));

    [Fact]
    public void A_secret_has_at_most_64_bytes()
    {
        Assert.Equal(64, WebhookSecret.Read("whsec_" + Convert.ToBase64String(new byte[64]))?.Length);
        Assert.Null(WebhookSecret.Read("whsec_" + Convert.ToBase64String(new byte[65])));
    }

    private static string Sign(string secret, string? previous) => WebhookSignature.Header(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8, secret, previous);
}
