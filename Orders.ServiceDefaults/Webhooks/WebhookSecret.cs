using System.Security.Cryptography;

namespace Orders.ServiceDefaults.Webhooks;

/// <summary>The secret that Orders and one receiver share: <c>whsec_</c> and base 64 of 24 to 64 bytes (Standard Webhooks).</summary>
public static class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int BytesMin = 24;
    public const int BytesMax = 64;

    /// <summary>A fresh one of 32 random bytes.</summary>
    public static string Generate() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key; null when the text is no secret.</summary>
    public static byte[]? Read(string secret)
    {
        // The decoder would skip white space, and a receiver's might not.
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Any(char.IsWhiteSpace)) return null;
        Span<byte> key = stackalloc byte[BytesMax];
        return Convert.TryFromBase64Chars(secret.AsSpan(Prefix.Length), key, out var length) && length >= BytesMin
            ? key[..length].ToArray()
            : null;
    }
}
