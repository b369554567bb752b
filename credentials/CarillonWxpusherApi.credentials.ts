import { wxpusher } from '../src/services/wxpusher/wxpusher.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWxpusherApi extends credential(wxpusher) {}
