using System.Runtime.Versioning;

namespace Pipeline.Tests.Host;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pipeline-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A shell script that can be started as a program.</summary>
    [UnsupportedOSPlatform("windows")]
    public string WriteProgram(string name, string body)
    {
        var path = Write(name, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public string[] ReadLines(string name) => File.Exists(this[name]) ? File.ReadAllLines(this[name]) : [];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
