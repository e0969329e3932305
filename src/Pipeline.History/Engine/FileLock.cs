namespace Pipeline.History.Engine;

/// <summary>One process at a time. The lock dies with its process; the file it is on stays.</summary>
internal static class FileLock
{
    /// <exception cref="HistoryException">Another process has it, or it cannot be made.</exception>
    public static FileStream Take(string path)
    {
        var name = path + ".lock";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new HistoryException(HistoryFault.Unreadable, $"The history file {path} cannot be opened: {error.Message} Check the path and its permissions.", error);
        }
        catch (IOException error) when (File.Exists(name))
        {
            throw new HistoryException(HistoryFault.InUse, $"The history file {path} is in use by another process: give each gateway a history.path of its own.", error);
        }
        catch (IOException error)
        {
            throw new HistoryException(HistoryFault.Unreadable, $"The history file {path} cannot be made: {error.Message} Check the path.", error);
        }
    }
}
