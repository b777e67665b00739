using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Http;

namespace Orders.Api.Access;

/// <summary>
/// The keys in use, in memory, so that a request costs no query: neither one with a good key nor, for the same id, one with a
/// guessed key. Invariant: what was read from the database before a change made here is never kept after it. Of
/// concurrent look-ups of one id, one asks the database. When the database is away, a key that was good stays good for a
/// while.
/// </summary>
internal sealed partial class KeyRing(
    NpgsqlDataSource database, IOptions<AccessOptions> options, TimeProvider time, ILogger<KeyRing> logger)
{
    /// <summary>While the database is away it is asked again this often; requests are answered from memory meanwhile.</summary>
    private static readonly TimeSpan OutageRetry = TimeSpan.FromSeconds(2);

    private readonly AccessOptions _options = options.Value;
    private readonly KeyLookups _lookups = new(database, options.Value, time);
    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _unknown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ActiveKey?>>> _inFlight = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>What is known of the id without asking; false: <see cref="LookUpAsync"/> has to.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="key">The key; null when there is none of this id.</param>
    public bool TryGet(ReadOnlySpan<char> id, out ActiveKey? key)
    {
        key = null;
        var seen = _known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var entry);
        if (!seen && !_unknown.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out entry)) return false;
        key = entry!.Key;
        return time.GetUtcNow() is var now && now < entry.ValidUntil || TryStandIn(id, entry, now);
    }

    /// <summary>Asks the database; null when there is no such key, or it was revoked.</summary>
    /// <exception cref="TimeoutException">The database did not answer in time, and the key was not in memory.</exception>
    public async Task<ActiveKey?> LookUpAsync(string id, CancellationToken cancel)
    {
        try
        {
            return await _inFlight.GetOrAdd(id, key => new(() => LoadAsync(key))).Value.WaitAsync(cancel);
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error) && StandIn(id) is { } key)
        {
            return key;
        }
    }

    /// <summary>Forgets what is in memory of a key that has just been changed, and whatever is being read of it.</summary>
    public void Forget(string id)
    {
        Interlocked.Increment(ref _changes);
        _known.TryRemove(id, out _);
        _unknown.TryRemove(id, out _);
    }

    /// <summary>The ids of the keys that were used since the last call.</summary>
    public List<string> TakeUsed() =>
        [.. _known.Values.Where(entry => entry.Key!.TakeUse()).Select(entry => entry.Key!.Caller.KeyId)];

    // Not cancelled with the first caller's request: others wait for the same answer.
    private async Task<ActiveKey?> LoadAsync(string id)
    {
        try
        {
            var changes = Volatile.Read(ref _changes);
            var key = await _lookups.FindAsync(id);
            if (changes == Volatile.Read(ref _changes)) Keep(id, key);
            return key;
        }
        finally
        {
            _inFlight.TryRemove(id, out _);
        }
    }

    private void Keep(string id, ActiveKey? key)
    {
        var now = time.GetUtcNow();
        var (kept, others) = key is null ? (_unknown, _known) : (_known, _unknown);
        MakeRoom(kept, now);
        // A use that is not written yet is not lost with the old entry.
        if (kept.TryGetValue(id, out var old) && old.Key?.TakeUse() == true) key?.Use();
        kept[id] = new Entry(key, now + _options.KeyCacheTimeToLive, now + _options.KeyCacheTimeToLive + _options.KeyCacheOutageMax);
        others.TryRemove(id, out _);
    }

    /// <summary>Drops what is out of date; when that is not enough, everything, which costs each key in use one query.</summary>
    private void MakeRoom(ConcurrentDictionary<string, Entry> entries, DateTimeOffset now)
    {
        if (entries.Count < _options.KeyCacheEntriesMax) return;
        foreach (var (id, entry) in entries)
        {
            if (entry.ValidUntil < now) entries.TryRemove(id, out _);
        }

        if (entries.Count >= _options.KeyCacheEntriesMax) entries.Clear();
    }

    /// <summary>The key as it was when the database last answered. From now on the database is asked in the background.</summary>
    private ActiveKey? StandIn(string id)
    {
        var now = time.GetUtcNow();
        if (!_known.TryGetValue(id, out var entry) || now >= entry.OutageUntil) return null;
        if (entry.InOutage) return entry.Key;
        if (_known.TryUpdate(id, entry with { InOutage = true, ValidUntil = now + OutageRetry }, entry)) LogStandIn(id, entry.OutageUntil);
        return entry.Key;
    }

    /// <summary>In an outage nobody waits for the database any more: one request has it asked again, and all go on at once.</summary>
    private bool TryStandIn(ReadOnlySpan<char> id, Entry entry, DateTimeOffset now)
    {
        if (!entry.InOutage || now >= entry.OutageUntil) return false;
        var name = id.ToString();
        if (_known.TryUpdate(name, entry with { ValidUntil = now + OutageRetry }, entry)) _ = TryLoadAsync(name);
        return true;
    }

    private async Task TryLoadAsync(string id)
    {
        try
        {
            await LookUpAsync(id, CancellationToken.None);
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            LogStillAway(id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer; key {KeyId} is believed until {Until:O}")]
    private partial void LogStandIn(string keyId, DateTimeOffset until);

    [LoggerMessage(LogLevel.Warning, "The database does not answer, and key {KeyId} was last seen too long ago to be believed")]
    private partial void LogStillAway(string keyId);

    private sealed record Entry(ActiveKey? Key, DateTimeOffset ValidUntil, DateTimeOffset OutageUntil, bool InOutage = false);
}
