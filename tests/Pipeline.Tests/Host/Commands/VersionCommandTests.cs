using Pipeline.Host.Commands;

namespace Pipeline.Tests.Host.Commands;

public sealed class VersionCommandTests
{
    [Theory]
    [InlineData("0.1.0+e994095c0ffee1234567890abcdef1234567890a", "0.1.0 (commit e994095c0ffe)")]
    [InlineData("0.1.0+e994095", "0.1.0 (commit e994095)")]
    [InlineData("0.1.0", "0.1.0 (commit unknown)")]
    [InlineData("0.1.0+", "0.1.0 (commit unknown)")]
    public void Describe_NamesVersionAndCommit(string informational, string expected) =>
        Assert.Equal(expected, VersionCommand.Describe(informational));
}
