using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// Ids that are made from what they belong to: the same line gives the same ids wherever and however often it is imported. They look like
/// those of orders that were placed, and sort by time like them.
/// </summary>
internal static class DerivedIds
{
    /// <summary>A UUID in the layout of version 7: the instant's milliseconds, and for the random part a hash of the seed.</summary>
    /// <param name="prefix">The kind of id.</param>
    /// <param name="seed">What makes it this one.</param>
    /// <param name="at">Not earlier than 1970.</param>
    /// <param name="index">Tells apart what has the same seed.</param>
    public static string Of(string prefix, string seed, DateTimeOffset at, int index = 0)
    {
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(id, prefix, index, seed);
        id = id[..16];
        Span<byte> milliseconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, at.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(id);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return prefix + new Guid(id, bigEndian: true);
    }

    /// <summary>A number for that order; the next attempt is another one. Of a million orders about one needs it.</summary>
    public static string Number(string orderId, int attempt)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(hash, "number", attempt, orderId);
        return OrderIds.NumberOf(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>Within an order, no id stands twice.</summary>
    public static void Distinct<T>(IReadOnlyList<T> entries, Func<T, string> id, string list, Check check)
    {
        if (entries.Count < 2) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            if (!seen.Add(id(entries[i]))) check.Fail(new Entry(list, i).Field("id"), "stands more than once");
        }
    }

    private static void Hash(Span<byte> into, string kind, int index, string seed) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {index} {seed}")), into);
}
