using System.Text;
using System.Text.Json;
using Orders.Simulator.Api;

namespace Orders.Simulator.Verification;

/// <summary>
/// The API's own proof that database, search, cache and analytics agree, of all orders there are: the job <c>verify</c>, which repairs
/// nothing here. Needs the scope admin.
/// </summary>
internal sealed class ProofCheck(PatientApi api, Findings findings, VerifyProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly byte[] Question = "{\"depth\":\"full\",\"repair\":false}"u8.ToArray();

    public async Task RunAsync(CancellationToken cancel)
    {
        progress.Begin(Places.Proof, 0);
        var job = await AskAsync(cancel);
        while (Text(job, "state") is "queued" or "running")
        {
            await Task.Delay(Pause, time, cancel);
            using var document = JsonDocument.Parse(await api.ReadAsync("/v1/admin/jobs/" + Text(job, "id"), cancel));
            job = document.RootElement.Clone();
        }

        if (Text(job, "state") != "succeeded")
        {
            findings.CannotProve($"the job {Text(job, "id")} is {Text(job, "state")}: {Text(job, "error")}");
            return;
        }

        foreach (var target in job.GetProperty("result").GetProperty("targets").EnumerateArray()) Look(target);
    }

    private void Look(JsonElement target)
    {
        var name = Text(target, "target")!;
        findings.Looked(Places.Proof, Number(target, "expected"));
        if (Number(target, "left") + Number(target, "found") == 0) return;
        findings.Add(new Difference(
            Places.Proof, "content", name, null, "expected and actual", Sum(target, "expected"), Sum(target, "actual")));
    }

    private async Task<JsonElement> AskAsync(CancellationToken cancel)
    {
        const string path = "/v1/admin/verify";
        using var response = await api.SendOnceAsync(path, Question, Guid.NewGuid().ToString(), cancel);
        var reply = await response.Content.ReadAsByteArrayAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new ApiRefusedException(path, response.StatusCode, Encoding.UTF8.GetString(reply));
        using var document = JsonDocument.Parse(reply);
        return document.RootElement.Clone();
    }

    private static string Sum(JsonElement target, string side) => FormattableString.Invariant(
        $"{Number(target, side)} with checksum {Text(target, side + "_checksum")}");

    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
