using System.Globalization;

namespace Pipeline.Host.Supervision;

/// <summary>The process that listens on a port, as far as this user may see (Linux).</summary>
/// <param name="Command">Its command line.</param>
internal sealed record PortHolder(int Pid, string Command)
{
    private const string Listening = "0A";
    private const int MaxCommandLength = 80;

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Null when it cannot be found out.</summary>
    public static PortHolder? Find(int port)
    {
        try
        {
            var sockets = InodesOf(port).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
            if (sockets.Count == 0)
            {
                return null;
            }

            return Directory.EnumerateDirectories("/proc").Where(folder => Owns(folder, sockets)).Select(Read).FirstOrDefault();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Such as "process 1234 (pipeline broker)".</summary>
    public override string ToString() => $"process {Pid} ({(Command.Length > MaxCommandLength ? Command[..MaxCommandLength] + "…" : Command)})";

    private static IEnumerable<string> InodesOf(int port)
    {
        var ending = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var line in Tables.Where(File.Exists).SelectMany(File.ReadLines))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(ending, StringComparison.Ordinal))
            {
                yield return fields[9];
            }
        }
    }

    private static bool Owns(string processFolder, HashSet<string> sockets)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(processFolder)[0])
                && Directory.EnumerateFiles(Path.Combine(processFolder, "fd"))
                    .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static PortHolder Read(string processFolder) => new(
        int.Parse(Path.GetFileName(processFolder), CultureInfo.InvariantCulture),
        File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ').Trim());
}
