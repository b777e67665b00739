using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Idempotency;

/// <summary>
/// A request and its <c>Idempotency-Key</c>, if it has one. Handlers take it as a parameter.
/// Invariant: the key's row is written by the transaction that does the work, so the key is remembered exactly when the work is
/// done. Of requests with the same key, however close together, one does the work and the others give its reply.
/// A key belongs to the caller who sent it; the same text from another caller is another key.
/// </summary>
internal sealed class IdempotentRequest : IEndpointParameterMetadataProvider
{
    public const string Header = "Idempotency-Key";

    /// <summary>Characters of a key.</summary>
    public const int KeyLengthMax = 255;

    private readonly HttpContext? _context;
    private byte[]? _fingerprint;

    private IdempotentRequest(string owner, string? key, HttpContext? context, byte[]? fingerprint)
    {
        Owner = owner;
        Key = key ?? "";
        HasKey = key is not null;
        _context = context;
        _fingerprint = fingerprint;
    }

    /// <summary>For what writes nothing.</summary>
    public static IdempotentRequest None { get; } = new("", null, null, null);

    /// <summary>For work that comes another way than over HTTP.</summary>
    /// <param name="owner">Whose key it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="payload">What was asked for.</param>
    public IdempotentRequest(string owner, string key, ReadOnlySpan<byte> payload)
        : this(owner, key, null, SHA256.HashData(payload))
    {
    }

    /// <summary>For work that was accepted before, with what was kept of its request.</summary>
    public static IdempotentRequest Known(string owner, string key, byte[] fingerprint) => new(owner, key, null, fingerprint);

    /// <summary>The id of the caller's API key.</summary>
    public string Owner { get; }

    public string Key { get; }

    public bool HasKey { get; }

    /// <summary>SHA-256 of method, path and body: the same key with another payload is refused.</summary>
    public byte[] Fingerprint => _fingerprint ??= Hash(_context);

    public static async ValueTask<IdempotentRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var caller = (await Caller.BindAsync(context, parameter))!;
        var sent = context.Request.Headers[Header];
        if (sent.Count == 0) return new IdempotentRequest(caller.KeyId, null, context, null);
        if (sent is [{ Length: > 0 and <= KeyLengthMax } key] && key.All(letter => letter is > ' ' and <= '~'))
            return new IdempotentRequest(caller.KeyId, key, context, null);
        throw new BadRequestException(ProblemTypes.InvalidRequest,
            new FieldError(Header, FormattableString.Invariant($"must be 1 to {KeyLengthMax} visible ASCII characters")));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var doc = EndpointDoc.Of(builder);
        doc.Parameters.Add(new ParameterDoc(ParameterLocation.Header, Header, Values.Pattern($"^[!-~]{{1,{KeyLengthMax}}}$"),
            "Makes the request safe to repeat: with the same key and bytes it is carried out once and answered the same every time."));
        doc.Refusals.Add(ProblemTypes.IdempotencyKeyReused);
        doc.SuccessHeaders.Add(new HeaderDoc(
            EarlierReply.ReplayedHeader, Values.OneOf(["true"]), "There when this is the reply to an earlier request with the same key."));
    }

    /// <summary>Reads what the key led to; see <see cref="EarlierReply.ReadAsync"/>.</summary>
    public NpgsqlBatchCommand Find() => Sql.Command(EarlierReply.Select, Sql.Text(Owner), Sql.Text(Key));

    /// <summary>Remembers that the key led to this order at this version.</summary>
    public NpgsqlBatchCommand Remember(int status, string? location, OrderState order) => Sql.Command(
        """
        insert into idempotency_keys (owner, key, fingerprint, status, location, order_id, version)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        Sql.Text(Owner), Sql.Text(Key), Sql.Bytes(Fingerprint), Sql.Whole(status), Sql.Text(location), Sql.Text(order.Id),
        Sql.Whole(order.Version));

    /// <summary>As the other, for work that is done through EF: add it to the context before saving.</summary>
    public IdempotencyRow Remember(int status, string? location, string? body, string? etag = null) => new()
    {
        Owner = Owner,
        Key = Key,
        Fingerprint = Fingerprint,
        Status = (short)status,
        Location = location,
        Body = body,
        Etag = etag,
        CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static byte[] Hash(HttpContext? context)
    {
        if (context is null) return [];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n"));
        if (context.Features.Get<RequestBytes>() is { } body) hash.AppendData(body.Value);
        return hash.GetHashAndReset();
    }
}
