using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Searching;

namespace Orders.Indexer.Drift;

/// <summary>How thoroughly to compare.</summary>
/// <param name="Full">Whether the n-th bucket is compared in full.</param>
/// <param name="Sums">Whether the n-th part of sums is compared with a recount.</param>
/// <param name="Strays">Whether to look for what no bucket shows.</param>
/// <param name="Repair">Whether to mend what differs.</param>
/// <param name="Pause">The wait between two buckets.</param>
internal sealed record DriftScope(Func<int, bool> Full, Func<int, bool> Sums, bool Strays, bool Repair, TimeSpan Pause);

/// <summary>
/// Compares the database with every target, bucket by bucket: number and checksum of the versions, and in full depth the content.
/// What differs is looked at again a moment later; it counts if it still does, and if the change was published long enough ago and the
/// target's consumer group has come past it: everything else is on its way. Sums of what a target has come last.
/// </summary>
internal sealed partial class DriftCheck(
    IEnumerable<IDriftSource> sources, StoredOrders stored, OrderPages pages, GroupProgress groups, SumsCheck sums,
    DriftMetrics metrics, IOptions<DriftOptions> options, TimeProvider time, ILogger<DriftCheck> logger)
{
    private readonly DriftOptions _options = options.Value;

    /// <param name="scope">How thoroughly.</param>
    /// <param name="report">Called after every bucket.</param>
    /// <param name="cancel">Ends it; what was repaired stays so.</param>
    public async Task<IReadOnlyList<TargetProof>> RunAsync(
        DriftScope scope, Func<IReadOnlyList<TargetProof>, Task> report, CancellationToken cancel)
    {
        var there = new List<(IDriftSource Source, TargetProof Proof)>();
        foreach (var source in sources)
            if (await source.IsThereAsync(cancel)) there.Add((source, new TargetProof(source.Target)));
        var proofs = there.ConvertAll(entry => entry.Proof);
        await foreach (var bucket in stored.BucketsAsync(_options.BucketSize, cancel))
        {
            // Each waits for a server of its own.
            var contents = new Contents(pages, bucket, cancel);
            await Task.WhenAll(there.Select(entry => CompareAsync(entry.Source, entry.Proof, bucket, contents, scope, cancel)));
            await report(proofs);
            if (scope.Pause > TimeSpan.Zero) await Task.Delay(scope.Pause, time, cancel);
        }

        if (scope.Strays)
        {
            foreach (var (source, proof) in there) await ExamineAsync(source, proof, await StraysAsync(source, cancel), [], scope, cancel);
        }

        proofs.AddRange(await sums.RunAsync(scope, cancel));
        foreach (var proof in proofs) metrics.Standing(proof.Target, proof.Found);
        return proofs;
    }

    private async Task CompareAsync(
        IDriftSource source, TargetProof proof, Bucket bucket, Contents contents, DriftScope scope, CancellationToken cancel)
    {
        var actual = await source.ListAsync(bucket, cancel);
        var suspects = bucket.Orders.Keys.Union(actual.Keys, StringComparer.Ordinal)
            .Where(id => How(source, bucket.Orders.GetValueOrDefault(id), Version(actual, id)) is not null).ToHashSet(
                StringComparer.Ordinal);
        HashSet<string> altered = scope.Full(proof.Buckets++) ? await AlteredAsync(source, bucket, contents, actual, cancel) : [];
        metrics.Compared(source.Target, bucket.Orders.Count);
        suspects.UnionWith(altered);
        foreach (var id in bucket.Orders.Keys.Union(actual.Keys, StringComparer.Ordinal).Where(id => !suspects.Contains(id)))
            Count(source, proof, bucket.Orders.GetValueOrDefault(id), id, Version(actual, id));
        await ExamineAsync(source, proof, suspects, altered, scope, cancel);
        metrics.StandingAtLeast(source.Target, proof.Found);
    }

    /// <summary>Looks again at what seems to differ, and mends it.</summary>
    private async Task ExamineAsync(
        IDriftSource source, TargetProof proof, HashSet<string> suspects, HashSet<string> altered, DriftScope scope,
            CancellationToken cancel)
    {
        if (suspects.Count == 0) return;
        await Task.Delay(_options.SettleFor, time, cancel);
        foreach (var some in suspects.Chunk(_options.RepairSize))
        {
            var doubted = altered.Intersect(some, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
            var (orders, actual, hows) = await LookAsync(source, some, doubted, cancel);
            var onTheWay = await InFlightAsync(source, [.. hows.Keys], cancel);
            proof.InFlight += onTheWay.Count;
            foreach (var id in onTheWay) hows.Remove(id);
            foreach (var (id, how) in hows) Note(proof, id, how);
            var left = hows.Count;
            if (hows.Count > 0 && scope.Repair)
            {
                LogRepair(source.Target, hows.Count, string.Join(' ', hows.Keys.Take(10)));
                await source.RebuildAsync([.. hows.Keys], cancel);
                (orders, actual, var still) = await LookAsync(source, some, doubted, cancel);
                left = still.Keys.Count(hows.ContainsKey);
                proof.Repaired += hows.Count - left;
                metrics.Repaired(source.Target, hows.Count - left);
            }

            proof.Left += left;
            foreach (var id in some.Where(id => !onTheWay.Contains(id)))
                Count(source, proof, orders.GetValueOrDefault(id), id, Version(actual, id));
        }
    }

    /// <summary>These orders in the database and in the target, and how they differ, by id.</summary>
    private async Task<(Dictionary<string, StoredVersion>, Dictionary<string, int>, Dictionary<string, string>)> LookAsync(
        IDriftSource source, string[] ids, HashSet<string> doubted, CancellationToken cancel)
    {
        var orders = await stored.OfAsync(ids, cancel);
        var actual = await source.VersionsAsync(ids, cancel);
        var bucket = new Bucket(null, null, Only(orders, doubted));
        var altered = doubted.Count == 0 ? [] : await AlteredAsync(source, bucket, new(pages, bucket, cancel), actual, cancel);
        var hows = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var how = How(source, orders.GetValueOrDefault(id), Version(actual, id)) ?? (altered.Contains(id) ? "altered" : null);
            if (how is not null) hows[id] = how;
        }

        return (orders, actual, hows);
    }

    /// <summary>How the target differs from the database; null: it does not.</summary>
    private static string? How(IDriftSource source, StoredVersion? order, int? version) => (order, version) switch
    {
        (null, null) => null,
        (null, _) => "ghost",
        (_, null) => source.MustHave(order) ? "missing" : null,
        _ when version < order.Version => "older",
        _ when version > order.Version => "newer",
        _ => null,
    };

    private static void Count(IDriftSource source, TargetProof proof, StoredVersion? order, string id, int? version)
    {
        if (order is not null && (version is not null || source.MustHave(order))) proof.CountExpected(id, order.Version);
        if (version is { } has) proof.CountActual(id, has);
    }

    private void Note(TargetProof proof, string id, string how)
    {
        proof.Example(id);
        metrics.Found(proof.Target, how, 1);
        switch (how)
        {
            case "missing": proof.Missing++; break;
            case "older": proof.Older++; break;
            case "newer": proof.Newer++; break;
            case "ghost": proof.Ghosts++; break;
            default: proof.Altered++; break;
        }
    }

    private static async Task<HashSet<string>> AlteredAsync(
        IDriftSource source, Bucket bucket, Contents contents, Dictionary<string, int> actual, CancellationToken cancel)
    {
        var same = bucket.Orders.Values.Where(order => Version(actual, order.Id) == order.Version).Select(order => order.Id).ToList();
        if (same.Count == 0) return [];
        var all = await contents.ReadAsync();
        var orders = same.Where(all.ContainsKey).ToDictionary(id => id, id => all[id], StringComparer.Ordinal);
        return [.. await source.AlteredAsync(orders, cancel)];
    }

    /// <summary>Orders whose newest change has not been published, or just now, or has not been reached by the target's
    /// consumers.</summary>
    private async Task<HashSet<string>> InFlightAsync(IDriftSource source, List<string> orderIds, CancellationToken cancel)
    {
        if (orderIds.Count == 0) return [];
        var published = await stored.PublishedAsync(orderIds, cancel);
        var partitions = published.Values.Select(place => place?.Partition).OfType<int>().ToList();
        var committed = partitions.Count == 0 ? [] : await groups.CommittedAsync(source.Group, partitions, cancel);
        return [.. published.Where(entry => entry.Value is not { } place || place.Age < _options.Tolerance
            || (place is { Partition: { } partition, Offset: { } offset } && committed.GetValueOrDefault(partition) <= offset))
            .Select(entry => entry.Key)];
    }

    private async Task<HashSet<string>> StraysAsync(IDriftSource source, CancellationToken cancel)
    {
        var strays = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in (await source.StraysAsync(cancel)).Chunk(_options.BucketSize))
            strays.UnionWith(some.Except((await stored.OfAsync(some, cancel)).Keys, StringComparer.Ordinal));
        return strays;
    }

    private static Dictionary<string, StoredVersion> Only(Dictionary<string, StoredVersion> orders, HashSet<string> ids) =>
        orders.Where(order => ids.Contains(order.Key)).ToDictionary(StringComparer.Ordinal);

    private static int? Version(Dictionary<string, int> versions, string id) => versions.TryGetValue(id, out var version) ? version : null;

    /// <summary>What a bucket's orders say in the version that the bucket has of them; read once, when the first asks.</summary>
    private sealed class Contents(OrderPages pages, Bucket bucket, CancellationToken cancel)
    {
        private readonly Lazy<Task<Dictionary<string, (OrderState State, byte[] Json)>>> _orders = new(async () =>
            (await pages.BytesOfAsync([.. bucket.Orders.Keys], cancel))
                .Where(order => order.State.Version == bucket.Orders[order.State.Id].Version)
                .ToDictionary(order => order.State.Id, StringComparer.Ordinal));

        public Task<Dictionary<string, (OrderState State, byte[] Json)>> ReadAsync() => _orders.Value;
    }

    [LoggerMessage(LogLevel.Warning, "Drift: {Target} differs from the database in {Orders} orders, which are rebuilt: {Examples}")]
    private partial void LogRepair(string target, int orders, string examples);
}
