"""Resources of Pulumi's `azure-native` and the types of Azure Resource Manager that they stand for.

Names of resources and of their inputs: schema of azure-native 3 (package `pulumi-azure-native`); modules that were
called otherwise in versions 1 and 2 are in `_MODULES`. Types: resource reference, Microsoft Learn.
"""

from __future__ import annotations

from collections.abc import Mapping

_SQL = "Microsoft.Sql/servers"
_POSTGRES, _MYSQL = "Microsoft.DBforPostgreSQL", "Microsoft.DBforMySQL"
_SYNAPSE = "Microsoft.Synapse/workspaces"
_STORAGE = "Microsoft.Storage/storageAccounts"

TYPES: Mapping[str, tuple[str, str]] = {
    "storage:StorageAccount": (_STORAGE, "accountName"),
    "storage:BlobServiceProperties": (f"{_STORAGE}/blobServices", "accountName blobServicesName"),
    "storage:BlobContainer": (f"{_STORAGE}/blobServices/containers", "accountName =default containerName"),
    "storage:FileServiceProperties": (f"{_STORAGE}/fileServices", "accountName fileServicesName"),
    "storage:FileShare": (f"{_STORAGE}/fileServices/shares", "accountName =default shareName"),
    "storage:ManagementPolicy": (f"{_STORAGE}/managementPolicies", "accountName managementPolicyName"),
    "sql:Server": (_SQL, "serverName"),
    "sql:Database": (f"{_SQL}/databases", "serverName databaseName"),
    "sql:FirewallRule": (f"{_SQL}/firewallRules", "serverName firewallRuleName"),
    "sql:EncryptionProtector": (f"{_SQL}/encryptionProtector", "serverName encryptionProtectorName"),
    "sql:ServerAzureADAdministrator": (f"{_SQL}/administrators", "serverName administratorName"),
    "sql:ServerAzureADOnlyAuthentication": (f"{_SQL}/azureADOnlyAuthentications", "serverName authenticationName"),
    "sql:ServerBlobAuditingPolicy": (f"{_SQL}/auditingSettings", "serverName blobAuditingPolicyName"),
    "sql:ExtendedServerBlobAuditingPolicy": (f"{_SQL}/extendedAuditingSettings", "serverName blobAuditingPolicyName"),
    "sql:ServerSecurityAlertPolicy": (f"{_SQL}/securityAlertPolicies", "serverName securityAlertPolicyName"),
    "sql:ServerVulnerabilityAssessment": (f"{_SQL}/vulnerabilityAssessments", "serverName vulnerabilityAssessmentName"),
    "sql:DatabaseBlobAuditingPolicy": (
        f"{_SQL}/databases/auditingSettings", "serverName databaseName blobAuditingPolicyName"),
    "sql:ExtendedDatabaseBlobAuditingPolicy": (
        f"{_SQL}/databases/extendedAuditingSettings", "serverName databaseName blobAuditingPolicyName"),
    "sql:DatabaseSecurityAlertPolicy": (
        f"{_SQL}/databases/securityAlertPolicies", "serverName databaseName securityAlertPolicyName"),
    "sql:DatabaseThreatDetectionPolicy": (
        f"{_SQL}/databases/securityAlertPolicies", "serverName databaseName securityAlertPolicyName"),
    "sql:DatabaseVulnerabilityAssessment": (
        f"{_SQL}/databases/vulnerabilityAssessments", "serverName databaseName vulnerabilityAssessmentName"),
    "sql:TransparentDataEncryption": (
        f"{_SQL}/databases/transparentDataEncryption", "serverName databaseName tdeName"),
    "sql:BackupShortTermRetentionPolicy": (
        f"{_SQL}/databases/backupShortTermRetentionPolicies", "serverName databaseName policyName"),
    "sql:ManagedInstance": ("Microsoft.Sql/managedInstances", "managedInstanceName"),
    "sql:ManagedInstanceVulnerabilityAssessment": (
        "Microsoft.Sql/managedInstances/vulnerabilityAssessments", "managedInstanceName vulnerabilityAssessmentName"),
    "dbforpostgresql:Server": (f"{_POSTGRES}/flexibleServers", "serverName"),
    "dbforpostgresql:Administrator": (f"{_POSTGRES}/flexibleServers/administrators", "serverName objectId"),
    "dbforpostgresql:Configuration": (f"{_POSTGRES}/flexibleServers/configurations", "serverName configurationName"),
    "dbforpostgresql:FirewallRule": (f"{_POSTGRES}/flexibleServers/firewallRules", "serverName firewallRuleName"),
    "dbforpostgresql:SingleServer": (f"{_POSTGRES}/servers", "serverName"),
    "dbforpostgresql:SingleServerConfiguration": (f"{_POSTGRES}/servers/configurations", "serverName configurationName"),
    "dbforpostgresql:SingleServerFirewallRule": (f"{_POSTGRES}/servers/firewallRules", "serverName firewallRuleName"),
    "dbforpostgresql:SingleServerServerAdministrator": (f"{_POSTGRES}/servers/administrators", "serverName =activeDirectory"),
    "dbforpostgresql:SingleServerServerSecurityAlertPolicy": (
        f"{_POSTGRES}/servers/securityAlertPolicies", "serverName securityAlertPolicyName"),
    "dbformysql:Server": (f"{_MYSQL}/flexibleServers", "serverName"),
    "dbformysql:AzureADAdministrator": (f"{_MYSQL}/flexibleServers/administrators", "serverName administratorName"),
    "dbformysql:Configuration": (f"{_MYSQL}/flexibleServers/configurations", "serverName configurationName"),
    "dbformysql:FirewallRule": (f"{_MYSQL}/flexibleServers/firewallRules", "serverName firewallRuleName"),
    "dbformysql:SingleServer": (f"{_MYSQL}/servers", "serverName"),
    "dbformysql:SingleServerConfiguration": (f"{_MYSQL}/servers/configurations", "serverName configurationName"),
    "dbformysql:SingleServerFirewallRule": (f"{_MYSQL}/servers/firewallRules", "serverName firewallRuleName"),
    "dbformysql:SingleServerServerAdministrator": (f"{_MYSQL}/servers/administrators", "serverName =activeDirectory"),
    "dbformariadb:Server": ("Microsoft.DBforMariaDB/servers", "serverName"),
    "dbformariadb:Configuration": ("Microsoft.DBforMariaDB/servers/configurations", "serverName configurationName"),
    "dbformariadb:FirewallRule": ("Microsoft.DBforMariaDB/servers/firewallRules", "serverName firewallRuleName"),
    "cosmosdb:DatabaseAccount": ("Microsoft.DocumentDB/databaseAccounts", "accountName"),
    "mongocluster:MongoCluster": ("Microsoft.DocumentDB/mongoClusters", "mongoClusterName"),
    "keyvault:Vault": ("Microsoft.KeyVault/vaults", "vaultName"),
    "keyvault:Key": ("Microsoft.KeyVault/vaults/keys", "vaultName keyName"),
    "keyvault:Secret": ("Microsoft.KeyVault/vaults/secrets", "vaultName secretName"),
    "keyvault:ManagedHsm": ("Microsoft.KeyVault/managedHSMs", "name"),
    "redis:Redis": ("Microsoft.Cache/redis", "name"),
    "redis:FirewallRule": ("Microsoft.Cache/redis/firewallRules", "cacheName ruleName"),
    "redisenterprise:RedisEnterprise": ("Microsoft.Cache/redisEnterprise", "clusterName"),
    "redisenterprise:Database": ("Microsoft.Cache/redisEnterprise/databases", "clusterName databaseName"),
    "synapse:Workspace": (_SYNAPSE, "workspaceName"),
    "synapse:SqlPool": (f"{_SYNAPSE}/sqlPools", "workspaceName sqlPoolName"),
    "synapse:BigDataPool": (f"{_SYNAPSE}/bigDataPools", "workspaceName bigDataPoolName"),
    "synapse:IpFirewallRule": (f"{_SYNAPSE}/firewallRules", "workspaceName ruleName"),
    "synapse:SqlPoolTransparentDataEncryption": (
        f"{_SYNAPSE}/sqlPools/transparentDataEncryption", "workspaceName sqlPoolName transparentDataEncryptionName"),
    "synapse:SqlPoolVulnerabilityAssessment": (
        f"{_SYNAPSE}/sqlPools/vulnerabilityAssessments", "workspaceName sqlPoolName vulnerabilityAssessmentName"),
    "synapse:WorkspaceManagedSqlServerVulnerabilityAssessment": (
        f"{_SYNAPSE}/vulnerabilityAssessments", "workspaceName vulnerabilityAssessmentName"),
    "compute:Disk": ("Microsoft.Compute/disks", "diskName"),
    "compute:Snapshot": ("Microsoft.Compute/snapshots", "snapshotName"),
    "compute:DiskEncryptionSet": ("Microsoft.Compute/diskEncryptionSets", "diskEncryptionSetName"),
    "compute:VirtualMachine": ("Microsoft.Compute/virtualMachines", "vmName"),
    "compute:VirtualMachineScaleSet": ("Microsoft.Compute/virtualMachineScaleSets", "vmScaleSetName"),
    "containerregistry:Registry": ("Microsoft.ContainerRegistry/registries", "registryName"),
    "dataprotection:BackupVault": ("Microsoft.DataProtection/backupVaults", "vaultName"),
    "recoveryservices:Vault": ("Microsoft.RecoveryServices/vaults", "vaultName"),
    "eventhub:Namespace": ("Microsoft.EventHub/namespaces", "namespaceName"),
    "servicebus:Namespace": ("Microsoft.ServiceBus/namespaces", "namespaceName"),
    "eventgrid:Topic": ("Microsoft.EventGrid/topics", "topicName"),
    "eventgrid:Domain": ("Microsoft.EventGrid/domains", "domainName"),
    "search:Service": ("Microsoft.Search/searchServices", "searchServiceName"),
    "kusto:Cluster": ("Microsoft.Kusto/clusters", "clusterName"),
    "databricks:Workspace": ("Microsoft.Databricks/workspaces", "workspaceName"),
    "datafactory:Factory": ("Microsoft.DataFactory/factories", "factoryName"),
    "appconfiguration:ConfigurationStore": ("Microsoft.AppConfiguration/configurationStores", "configStoreName"),
    "automation:AutomationAccount": ("Microsoft.Automation/automationAccounts", "automationAccountName"),
    "automation:Variable": ("Microsoft.Automation/automationAccounts/variables", "automationAccountName variableName"),
    "operationalinsights:Workspace": ("Microsoft.OperationalInsights/workspaces", "workspaceName"),
    "cognitiveservices:Account": ("Microsoft.CognitiveServices/accounts", "accountName"),
    "machinelearningservices:Workspace": ("Microsoft.MachineLearningServices/workspaces", "workspaceName"),
    "purview:Account": ("Microsoft.Purview/accounts", "accountName"),
    "iothub:IotHubResource": ("Microsoft.Devices/IotHubs", "resourceName"),
    "signalrservice:SignalR": ("Microsoft.SignalRService/signalR", "resourceName"),
    "webpubsub:WebPubSub": ("Microsoft.SignalRService/webPubSub", "resourceName"),
    "batch:BatchAccount": ("Microsoft.Batch/batchAccounts", "accountName"),
    "netapp:CapacityPoolVolume": (
        "Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "accountName poolName volumeName"),
    "storagesync:StorageSyncService": ("Microsoft.StorageSync/storageSyncServices", "storageSyncServiceName"),
    "datalakestore:Account": ("Microsoft.DataLakeStore/accounts", "accountName"),
    "security:Pricing": ("Microsoft.Security/pricings", "pricingName"),
    "security:SecurityContact": ("Microsoft.Security/securityContacts", "securityContactName"),
    "monitor:DiagnosticSetting": ("Microsoft.Insights/diagnosticSettings", "name"),
    "network:PrivateEndpoint": ("Microsoft.Network/privateEndpoints", "privateEndpointName"),
    "authorization:ManagementLockByScope": ("Microsoft.Authorization/locks", "lockName"),
}  # fmt: skip
"""`module:Resource` to its type, and the inputs that make its name, outermost first; `=word` is a fixed part."""

_MODULES = {
    "documentdb": ("cosmosdb", "mongocluster"), "cache": ("redis", "redisenterprise"), "insights": ("monitor",),
    "devices": ("iothub",), "signalrservice": ("webpubsub",),
}  # fmt: skip
_NETAPP = {"Volume": "CapacityPoolVolume"}
RENAMED: Mapping[str, Mapping[str, str]] = {
    _STORAGE: {"enableHttpsTrafficOnly": "supportsHttpsTrafficOnly", "networkRuleSet": "networkAcls"},
    "Microsoft.Insights/diagnosticSettings": {"resourceUri": "scope"},
}
"""Inputs that the template calls otherwise."""
LIFTED = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
"""Inputs whose items have lost a `properties` of their own."""
_SINGLE = {
    "dbforpostgresql": ("v2017", "v2018"), "dbformysql": ("v2017", "v2018"),
}  # fmt: skip
"""API versions in which `Server` was the single server, and its children that one's."""


def arm_type(service: str, kind: str, version: str = "") -> tuple[str, str] | None:
    """The type that a resource stands for and the inputs that name it; None for what is not judged."""
    if version.startswith(_SINGLE.get(service, ("-",))):
        single = TYPES.get(f"{service}:SingleServer{'' if kind == 'Server' else kind}")
        if single is not None:
            return single
    kind = _NETAPP.get(kind, kind) if service == "netapp" else kind
    modules = (service, *_MODULES.get(service, ()))
    return next((found for module in modules if (found := TYPES.get(f"{module}:{kind}")) is not None), None)
