"""The words that the rules share: verbs by their effect, and the nouns that change what a verb means.

Not for phrases or for weights: those belong to a rule or to the trained model.
"""

from collections.abc import Iterable, Mapping


def word_set(text: str) -> frozenset[str]:
    """Read a set of words from a text: lists of a hundred words stay readable that way."""
    return frozenset(text.split())


LOOKING = word_set(
    "get list search find read fetch retrieve show view describe lookup look check count inspect browse "
    "query download export poll wait watch monitor display enumerate discover ask obtain access return "
    "report track peek tail probe ping detect locate filter select sample observe provide identify load "
    "status info help grep glob capture screenshot examine investigate trace resolve determine whoami "
    "review stat history echo learn "
    "scrape explore introspect dump cat"
)
COMPUTING = word_set(
    "compute calculate compare convert format validate lint preview plan simulate estimate analyze "
    "analyse parse summarize summarise explain translate classify predict forecast recommend suggest "
    "extract measure verify diff think reason reflect encode decode hash evaluate score rank transform "
    "render normalize rewrite echo guide assess aggregate audit diagnose embed rerank profile test "
    "decompile visualize optimize visualise derive infer "
    "geocode debug troubleshoot greet"
)
CREATING = word_set(
    "create add insert new make generate draft compose write append upload import copy duplicate clone "
    "register open fork scaffold initialize init store save record log put ingest index upsert prepend "
    "define introduce allocate reserve provision produce design set setup spawn instantiate attach "
    "book enroll annotate highlight bookmark star favorite favourite pin like follow react crop resize "
    "zip unzip compress unpack extract seed "
    "recreate"
)
CHANGING = word_set(
    "update edit modify change set patch rename move replace assign reassign enable disable toggle "
    "configure apply merge commit mark tag label untag relabel reorder sort adjust tune customize "
    "reopen complete finish resolve acknowledge transition promote activate deactivate lock unlock "
    "protect unprotect alter stage unstage checkout stash migrate increment decrement override upgrade "
    "downgrade bind map swap split join push pull rebase paste renew rotate vote upvote downvote rate fix "
    "refactor finalize initiate process style align resize expand collapse unpause skip redact link relate associate "
    "emulate reprioritize unstar"
)
SENDING = word_set(
    "send post reply comment forward notify email mail message tweet publish broadcast submit respond "
    "answer resend request"
)
HIDING = word_set("archive unarchive trash hide unhide mute unmute close dismiss ignore snooze silence")
SHARING = word_set("share grant invite permit authorize authorise allow entitle promote")
CONNECTING = word_set("login connect authenticate signin switch choose select use set open mount join")
RESTORING = word_set("restore revert undo redo rollback recover undelete")
APPROVING = word_set("approve reject accept decline confirm deny")
SCHEDULING = frozenset(["schedule", "subscribe", "unsubscribe", "reschedule", "remind"])

RUNNING = word_set("run execute exec invoke eval evaluate call perform dispatch interpret")
LIFECYCLE = word_set(
    "start restart reboot stop pause resume scale deploy redeploy launch boot shutdown suspend hibernate "
    "wake halt power drain cordon rollout undeploy unload bounce relaunch standby "
    "reload unblock"
)
TRIGGERING = word_set(
    "trigger build rebuild sync synchronize resync scan rescan crawl reindex retrain train run rerun "
    "retry queue enqueue compile test benchmark refresh warm backfill materialize requeue kick bake"
)
DRIVING = word_set(
    "click tap press type drag swipe scroll hover navigate fill goto doubleclick focus keypress gesture pinch touch "
    "shake"
)
INSTALLING = frozenset(["install", "reinstall", "sideload", "upgrade"])
LEAVING = word_set("logout signout disconnect close detach quit exit end release unmount leave")

DELETING = word_set(
    "delete destroy erase drop purge wipe truncate obliterate shred expunge nuke rm rmdir del "
    "eliminate prune decommission deprovision teardown unregister deregister forget evict"
)
REMOVING = word_set("remove detach unlink dissociate unassign unset strip pop take unshare uninvite")
CLEARING = word_set("clear reset flush discard empty cleanup clean reinitialize")
CANCELLING = word_set("cancel void abort expire withdraw terminate end abandon revoke")
REVOKING = word_set("revoke ban kick expel deauthorize invalidate block deprive blacklist")
TERMINATING = word_set("terminate kill stop end destroy abort")
UNINSTALLING = frozenset(["uninstall", "unpublish", "deprecate", "yank", "retract"])

PAYING = word_set(
    "pay transfer refund charge payout withdraw deposit buy purchase sell tip donate disburse remit "
    "settle repay borrow lend redeem reimburse fund topup checkout wire bill invoice capture place order "
    "finalize initiate process"
)
TRADING = word_set(
    "swap bridge mint stake unstake trade buy sell short long borrow lend repay supply redeem liquidate "
    "wrap unwrap delegate undelegate burn airdrop bid hedge rebalance claim exchange"
)
SIGNING = word_set("sign broadcast submit send approve execute")
MANAGING = word_set("manage handle administer maintain operate control")

NAMED_GROUPS: Mapping[str, frozenset[str]] = {
    "look": LOOKING,
    "compute": COMPUTING,
    "create": CREATING,
    "change": CHANGING,
    "send": SENDING,
    "hide": HIDING,
    "share": SHARING,
    "connect": CONNECTING,
    "restore": RESTORING,
    "approve": APPROVING,
    "schedule": SCHEDULING,
    "run": RUNNING,
    "lifecycle": LIFECYCLE,
    "trigger": TRIGGERING,
    "drive": DRIVING,
    "install": INSTALLING,
    "leave": LEAVING,
    "delete": DELETING,
    "remove": REMOVING,
    "clear": CLEARING,
    "cancel": CANCELLING,
    "revoke": REVOKING,
    "terminate": TERMINATING,
    "uninstall": UNINSTALLING,
    "pay": PAYING,
    "trade": TRADING,
    "sign": SIGNING,
    "manage": MANAGING,
}
VERBS: frozenset[str] = frozenset().union(*NAMED_GROUPS.values())

# Words that are as often a noun as a verb: they count as an action only where a verb must stand.
AMBIGUOUS = (
    word_set(
        "access address audit back bid block bookmark build call capture charge check claim clean comment "
        "control copy count crop deposit design diff display draft drop email embed end exchange exit export "
        "filter focus follow format forward fund gesture go guide handle hash help hedge highlight "
        "history import index info install invoice join key kick label lend like link list load lock log long "
        "look mail map mark measure merge message mint mouse move new order patch pause pin ping place plan "
        "play poll post power preview probe profile query queue rank react reason record refund release "
        "report request reset return review run sample save scale scan schedule score search set setup share "
        "short sign silence snooze sort split stage star start stash stat status stop store supply swap "
        "switch sync tag tail take test tip touch trace track trade train transfer trash trigger tweet type "
        "upgrade upload use view wait wake watch wire withdraw wrap write bill book bake screenshot init "
        "monitor debug empty complete open close select push pull paste vote rate fix style answer process seed "
        "subject render transform function bounce burn standby swipe tap press drag click hover scroll checkout "
        "forecast"
    )
    & VERBS
)

MINOR = word_set(
    "label labels tag tags reaction reactions assignee assignees favorite favorites favourite favourites "
    "star stars follow follower link links bookmark bookmarks watch watcher watchers highlight highlights "
    "like likes reviewer reviewers pin pins emoji dependency relationship association attendee attendees parent sprint"
)
# What is gone when it is deleted may still be put back in one call: a label that is deleted is not, a reaction is.
ATTACHED = word_set(
    "reaction reactions assignee assignees favorite favorites favourite favourites star stars follow follower "
    "watch watcher watchers like likes vote votes pin pins emoji"
)
MONEY = word_set(
    "payment payments payout payouts refund refunds charge charges fund funds money cash invoice invoices "
    "bill bills checkout purchase salary payroll donation deposit withdrawal cheque settlement wire "
    "remittance disbursement loan credit debit card usd eur usdc usdt btc eth sol bitcoin lamports "
    "satoshi sats balance wallet payee creditor"
)
COMMERCE = word_set("order orders subscription subscriptions plan plans cart ticket tickets booking domain")
CHAIN = word_set(
    "blockchain crypto wallet token tokens coin coins nft nfts defi dex ethereum solana bitcoin evm "
    "onchain erc20 liquidity swap staking usdc usdt eth btc sol web3 chain testnet mainnet transaction "
    "lightning perp perps"
)
MARKET = word_set(
    "order orders trade trades position positions broker brokerage trading stock stocks shares option "
    "options futures leverage margin exchange portfolio equity equities forex bid ask"
)
CLAIMS = word_set("invoice invoices payment payments paylink quote_payment")
PEOPLE = word_set(
    "user users member members collaborator collaborators admin owner role roles permission permissions "
    "access group groups policy policies acl guest guests participant participants team seat privilege"
)
SECRETS = word_set(
    "secret secrets password passwords passphrase credential credentials apikey apikeys token tokens key "
    "keys kubeconfig env dotenv environment keychain vault privatekey mnemonic seed certificate pem otp"
)
MACHINES = word_set(
    "instance instances vm vms server servers container containers service services job jobs workflow "
    "workflows build builds deployment deployments pipeline pipelines simulator emulator app apps process "
    "processes pod pods cluster clusters task tasks machine droplet node nodes function functions worker "
    "sandbox environment run runs execution executions runner daemon stack campaign database warehouse "
    "agent device bot"
)
SESSIONS = word_set("session sessions browser tab tabs page window windows connection context dialog")
CODE = word_set(
    "code script scripts command commands shell python javascript js bash powershell terminal notebook "
    "cell macro expression snippet program cmd lua ruby php typescript eval repl apex jupyter function"
)
QUERIES = word_set(
    "sql query queries cypher graphql statement statements sparql soql mql kql ddl dml aql gremlin mutation"
)
CACHES = word_set("cache caches cached cookies tmp temp")
FILES = word_set("file files document documents directory folder disk path spreadsheet pdf screenshot image report")
MESSAGES = word_set(
    "email emails mail mails message messages sms chat dm notification notifications comment reply tweet "
    "post channel thread newsletter fax voicemail"
)
SOFTWARE = word_set("package packages plugin plugins extension extensions dependency dependencies module app")

_FOREIGN: Mapping[str, str] = {
    "eliminar": "delete", "elimina": "delete", "borrar": "delete", "borra": "delete", "crear": "create",
    "crea": "create", "actualizar": "update", "actualiza": "update", "obtener": "get", "obtiene": "get",
    "listar": "list", "lista": "list", "buscar": "search", "busca": "search", "enviar": "send", "envía": "send",
    "envia": "send", "ejecutar": "execute", "ejecuta": "execute", "pagar": "pay", "paga": "pay",
    "cancelar": "cancel", "cancela": "cancel", "transferir": "transfer", "transfiere": "transfer",
    "supprimer": "delete", "supprime": "delete", "créer": "create", "crée": "create", "envoyer": "send",
    "envoie": "send", "modifier": "modify", "modifie": "modify", "rechercher": "search", "recherche": "search",
    "exécuter": "execute", "exécute": "execute", "payer": "pay", "récupérer": "get", "récupère": "get",
    "löschen": "delete", "löscht": "delete", "entfernt": "remove", "erstellen": "create", "erstellt": "create",
    "sendet": "send", "senden": "send", "ändert": "change", "aktualisiert": "update", "sucht": "search",
    "liefert": "get", "listet": "list", "führt": "execute", "startet": "start", "stoppt": "stop",
    "überweist": "transfer", "bezahlt": "pay", "excluir": "delete", "exclui": "delete", "apagar": "delete",
    "criar": "create", "cria": "create", "atualizar": "update", "atualiza": "update", "obter": "get",
    "удалить": "delete", "удаляет": "delete", "создать": "create", "создает": "create", "создаёт": "create",
    "обновить": "update", "обновляет": "update", "получить": "get", "возвращает": "get", "отправить": "send",
    "отправляет": "send", "выполнить": "execute", "выполняет": "execute",
}  # fmt: skip
IDEOGRAMS: Mapping[str, str] = {
    "删除": "delete", "刪除": "delete", "移除": "remove", "清空": "clear", "创建": "create", "新建": "create",
    "添加": "add", "更新": "update", "修改": "modify", "编辑": "edit", "获取": "get", "查询": "query",
    "搜索": "search", "列出": "list", "读取": "read", "发送": "send", "发布": "publish", "执行": "execute",
    "运行": "run", "启动": "start", "停止": "stop", "重启": "restart", "支付": "pay", "转账": "transfer",
    "退款": "refund", "取消": "cancel", "下单": "order", "上传": "upload", "下载": "download", "安装": "install",
    "部署": "deploy", "削除": "delete", "作成": "create", "取得": "get", "検索": "search", "送信": "send",
    "実行": "execute", "삭제": "delete", "생성": "create", "조회": "get", "검색": "search", "전송": "send",
    "返回": "return", "显示": "show", "查看": "view", "查找": "find", "计算": "calculate", "转换": "convert",
    "分析": "analyze", "翻译": "translate", "观察": "observe", "监控": "monitor", "检查": "check", "验证": "validate",
    "生成": "generate", "导出": "export", "导入": "import", "保存": "save", "设置": "set", "重置": "reset",
    "关闭": "close", "打开": "open", "点击": "click", "截图": "screenshot", "提交": "submit", "撤销": "revoke",
    "恢复": "restore", "购买": "buy", "提现": "withdraw", "暂停": "pause", "卸载": "uninstall", "终止": "terminate",
    "复制": "copy", "移动": "move", "重命名": "rename", "回复": "reply", "订阅": "subscribe", "反编译": "decompile",
    "返します": "return", "返す": "return", "表示": "show", "変換": "convert", "計算": "calculate", "解析": "analyze",
    "翻訳": "translate", "登録": "register", "変更": "change", "追加": "add", "編集": "edit", "確認": "check",
    "起動": "start", "再起動": "restart", "削除します": "delete", "支払": "pay", "購入": "buy", "返金": "refund",
    "수정": "edit", "추가": "add", "실행": "execute", "변경": "change", "변환": "convert", "결제": "pay",
    "환불": "refund", "취소": "cancel", "확인": "check", "반환": "return", "표시": "show", "저장": "save",
}  # fmt: skip


def _inflect(verb: str) -> Iterable[str]:
    """Yield the forms in which an English verb opens a sentence: base, third person, -ing."""
    yield verb
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        yield verb + "es"
    elif verb.endswith("y") and verb[-2] not in "aeou":
        yield verb[:-1] + "ies"
    else:
        yield verb + "s"
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    yield stem + "ing"
    if len(verb) > 2 and verb[-1] in "bdgmnprt" and verb[-2] in "aeiou" and verb[-3] not in "aeiou":
        yield verb + verb[-1] + "ing"


VERB_FORMS: Mapping[str, str] = {form: verb for verb in sorted(VERBS) for form in _inflect(verb)} | dict(_FOREIGN)
