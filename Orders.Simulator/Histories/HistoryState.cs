using System.Text.Json;
using Orders.Simulator.Api;

namespace Orders.Simulator.Histories;

/// <summary>How far a history is. The API has acknowledged all lines before <see cref="Next"/>.</summary>
/// <param name="Fingerprint">Of the lines; see <see cref="HistorySource.Fingerprint"/>.</param>
internal sealed record HistoryState(HistoryPlan Plan, string Fingerprint, long Next, long Accepted, long Unchanged, long Rejected)
{
    private const int BytesMax = 64 << 10;

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="IOException">It is not what it should be.</exception>
    public static async Task<HistoryState?> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        if (!file.Exists) return null;
        try
        {
            if (file.Length > BytesMax) throw new JsonException();
            var bytes = await File.ReadAllBytesAsync(file.FullName, cancel);
            if (JsonSerializer.Deserialize(bytes, ApiJson.Default.HistoryState) is { Plan.Run: not null, Fingerprint: not null } state
                && state.Next >= 0 && state.Next <= state.Plan.Orders)
                return state;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new IOException($"{file}: is not the state of a history; remove it to begin anew");
    }

    /// <summary>Written beside its place and moved there when it is whole: a kill leaves the old one or the new one.</summary>
    public async Task WriteAsync(FileInfo file, CancellationToken cancel)
    {
        var unfinished = file.FullName + ".part";
        await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Default.HistoryState), cancel);
        File.Move(unfinished, file.FullName, overwrite: true);
    }
}
