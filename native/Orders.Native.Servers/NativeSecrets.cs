using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Orders.Native.Servers;

/// <summary>
/// Passwords and keys of this clone: random, URL-safe, kept in a file that only its owner can read. Safe to use from several
/// threads and processes at once: the first one to ask for a name decides its value.
/// </summary>
public sealed class NativeSecrets(NativeLayout layout)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The secret of this name: 32 characters of A-Z, a-z, 0-9, - and _ (192 random bits).</summary>
    public string GetOrCreate(string name) => GetOrCreate(name, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));

    /// <summary>The secret of this name, made by <paramref name="create"/> when it is asked for the first time.</summary>
    public string GetOrCreate(string name, Func<string> create)
    {
        Directory.CreateDirectory(layout.Root);
        using var exclusive = LockFile();
        var secrets = Read();
        if (!secrets.TryGetValue(name, out var value))
        {
            value = create();
            secrets[name] = value;
            Write(secrets);
        }

        return value;
    }

    private FileLock LockFile()
    {
        FileLock? taken = null;
        SpinWait.SpinUntil(() => (taken = FileLock.TryTake(layout.Secrets + ".lock")) is not null, LockTimeout);
        return taken ?? throw new IOException($"{layout.Secrets}.lock has been held by another process for {LockTimeout.TotalSeconds} s.");
    }

    private SortedDictionary<string, string> Read() =>
        File.Exists(layout.Secrets)
            ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllBytes(layout.Secrets)) ?? []
            : [];

    // Written aside and renamed: a crash leaves either the old file or the new one.
    private void Write(SortedDictionary<string, string> secrets)
    {
        var aside = layout.Secrets + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var stream = new FileStream(aside, options))
        {
            JsonSerializer.Serialize(stream, secrets, Indented);
        }

        File.Move(aside, layout.Secrets, overwrite: true);
    }
}
