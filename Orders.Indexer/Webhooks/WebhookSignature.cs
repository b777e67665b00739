using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Signs a body as Standard Webhooks has it: HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>. The timestamp is inside, so that a
/// receiver can refuse a request that somebody recorded and sends again later.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The header's value: <c>v1,{base 64}</c>, once for every secret.</summary>
    public static string Header(string id, long unixSeconds, ReadOnlySpan<byte> body, params ReadOnlySpan<string?> secrets)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        var signatures = new List<string>(secrets.Length);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            if (secret is null) continue;
            var key = WebhookSecret.Read(secret) ?? throw new FormatException("the stored secret cannot be read");
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(prefix);
            hmac.AppendData(body);
            hmac.GetHashAndReset(hash);
            signatures.Add("v1," + Convert.ToBase64String(hash));
        }

        return string.Join(' ', signatures);
    }
}
