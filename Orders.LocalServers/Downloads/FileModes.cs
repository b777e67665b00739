using System.Text;

namespace Orders.LocalServers.Downloads;

internal static class FileModes
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The mode of a folder that only its owner may enter.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes a file that only its owner can read, at no moment anyone else.</summary>
    public static async Task WriteSecretAsync(string file, string content, CancellationToken cancel)
    {
        File.Delete(file);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var stream = new FileStream(file, options);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(content), cancel);
    }

    /// <summary>Makes a file executable by everyone.</summary>
    public static void MakeExecutable(string file) => File.SetUnixFileMode(file, File.GetUnixFileMode(file) | Read | Execute);

    /// <summary>
    /// Lets every user read and run what lies below a folder, whatever the umask was: a server that drops root's rights must
    /// still be able to read itself.
    /// </summary>
    public static void OpenToAll(string folder)
    {
        MakeExecutable(folder);
        var files = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories);
        foreach (var entry in files.Where(entry => entry.LinkTarget is null))
        {
            var runnable = entry is DirectoryInfo || (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
            entry.UnixFileMode |= runnable ? Read | Execute : Read;
        }
    }
}
