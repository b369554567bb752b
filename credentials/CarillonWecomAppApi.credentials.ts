import { wecomApp } from '../src/services/wecom/wecomApp.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWecomAppApi extends credential(wecomApp) {}
