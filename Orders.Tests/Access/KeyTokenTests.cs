using System.Security.Cryptography;
using System.Text;
using Orders.Api.Access;

namespace Orders.Tests.Access;

[Unit]
public sealed class KeyTokenTests
{
    [Fact]
    public void A_token_that_was_made_is_read_back()
    {
        var (id, secret) = (KeyToken.NewId(), KeyToken.NewSecret());

        Assert.True(KeyToken.TryRead(KeyToken.Of(id, secret), out var readId, out var readSecret));

        Assert.Equal((id, secret), (readId.ToString(), readSecret.ToString()));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), KeyToken.Hash(readSecret));
    }

    [Fact]
    public void A_secret_may_have_underscores_and_an_id_may_not() // the id ends at the first one
    {
        var secret = "a_b_" + new string('x', 40);

        Assert.True(KeyToken.TryRead($"ordk_simulator_{secret}", out var id, out var read));

        Assert.Equal(("simulator", secret), (id.ToString(), read.ToString()));
    }

    [Fact]
    public void Secrets_are_256_random_bits()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => KeyToken.NewSecret()).ToList();

        Assert.All(secrets, secret => Assert.Equal(43, secret.Length));
        Assert.Equal(100, secrets.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ordk_")]
    [InlineData("ordk_id")]
    [InlineData("ordk_id_tooshort")]
    [InlineData("ordk__0123456789012345678901234567890123456789")]
    [InlineData("ordk_ID_0123456789012345678901234567890123456789")]
    [InlineData("ordk_i'd_0123456789012345678901234567890123456789")]
    [InlineData("ordk_id_0123456789012345678901234567890123456é89")]
    [InlineData("ordk_id_012345678901234567890123456 789012345689")]
    [InlineData("sk_id_0123456789012345678901234567890123456789")]
    [InlineData("ordk_an-id-that-is-longer-than-32-characters_0123456789012345678901234567890123456789")]
    public void What_cannot_be_a_token_is_not_looked_up(string token) => Assert.False(KeyToken.TryRead(token, out _, out _));

    [Fact]
    public void A_secret_of_any_length_is_refused_beyond_128() =>
        Assert.False(KeyToken.TryRead("ordk_id_" + new string('x', 129), out _, out _));
}
