using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orders.Api.Access;

/// <summary>
/// An API key as its owner holds it: <c>ordk_{id}_{secret}</c>. The id finds the key and may be logged; the secret proves it
/// and is kept nowhere. The table has its SHA-256: a secret is random and long, there is no dictionary to try, and a slow
/// hash would only slow down every request.
/// </summary>
internal static class KeyToken
{
    public const string Prefix = "ordk_";
    public const int IdLengthMax = 32;
    public const int SecretLengthMin = 32;
    public const int SecretLengthMax = 128;
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int IdLength = 12;
    private const int SecretBytes = 32;

    // Base32 without what people misread.
    private const string IdAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    // RFC 6750 lets a bearer token have these.
    private static readonly SearchValues<char> SecretCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/");

    public static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    /// <summary>256 random bits in 43 characters.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string Of(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>Takes a token apart; false when it cannot be one of ours.</summary>
    public static bool TryRead(ReadOnlySpan<char> token, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        token = token[Prefix.Length..];
        var end = token.IndexOf('_');
        if (end is < 1 or > IdLengthMax) return false;
        id = token[..end];
        secret = token[(end + 1)..];
        return secret.Length is >= SecretLengthMin and <= SecretLengthMax
            && !id.ContainsAnyExcept(IdCharacters)
            && !secret.ContainsAnyExcept(SecretCharacters);
    }

    public static byte[] Hash(ReadOnlySpan<char> secret)
    {
        var hash = new byte[HashBytes];
        Hash(secret, hash);
        return hash;
    }

    /// <summary>Without allocation: every request comes by here.</summary>
    public static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[SecretLengthMax];
        var length = Encoding.ASCII.GetBytes(secret, bytes);
        SHA256.HashData(bytes[..length], hash);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
